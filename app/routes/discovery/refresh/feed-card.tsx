import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { FeedState } from "#app/discovery/refresh/feed-state.server.ts";
import type { RunView } from "#app/discovery/runs/list-runs.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { formatCount, formatDay, formatQuantity } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

/** Where the reading of TMDB's change feeds stands, and what is being refreshed now. */
export function FeedCard({ feeds, running }: { feeds: readonly FeedState[]; running: readonly RunView[] }) {
  return (
    <Facts
      facts={[
        ...feeds.flatMap((feed) => [
          { label: `Change feed of ${kindOf(feed)}`, value: <Position feed={feed} /> },
          feed.gaps.length > 0
            ? {
                label: `Gaps of ${kindOf(feed)}`,
                value: feed.gaps.map((gap) => <Gap key={gap.from} {...gap} />),
              }
            : null,
        ]),
        running.length > 0
          ? {
              label: "Running",
              value: running.map((run) => (
                <span key={run.id}>
                  <Anchor component={Link} to={`/discovery/runs/${run.id}?status=pending`}>
                    run {run.id}
                  </Anchor>
                  :{" "}
                  {run.plannedAt === null
                    ? "the feeds are being read"
                    : `${formatCount(run.checked - run.notAttempted)} of ${formatCount(run.checked)}`}{" "}
                </span>
              )),
            }
          : { label: "Running", value: "nothing" },
      ]}
    />
  );
}

const kindOf = ({ mediaType }: FeedState): string => (mediaType === "movie" ? "films" : "series");

function Position({ feed: { cursor, lagDays, lastSyncAt, windowsRead } }: { feed: FeedState }) {
  if (cursor === null) return "not read yet; the next refresh reads the last 14 days at most";
  return (
    <>
      read up to {formatDay(cursor)}, {lagText(lagDays)}
      {lastSyncAt ? (
        <>
          {" "}
          · last read <Ago at={lastSyncAt} />, {formatQuantity(windowsRead, "window")} in all
        </>
      ) : null}
    </>
  );
}

function Gap({ from, to, worksLeft }: FeedState["gaps"][number]) {
  return (
    <div>
      <Status status="review" label={`${formatDay(from)} to ${formatDay(to)}`} /> was not read: TMDB keeps 14
      days ·{" "}
      {worksLeft === 0
        ? "everything has been refreshed since; the next run closes it"
        : `${formatQuantity(worksLeft, "work")} left to refresh, oldest first, until it is closed`}
    </div>
  );
}

function lagText(days: number | null): string {
  if (days === null || days <= 1) return "up to date";
  return `${formatQuantity(days, "day")} behind`;
}
