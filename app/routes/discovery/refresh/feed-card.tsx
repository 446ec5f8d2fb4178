import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { FeedState } from "#app/discovery/refresh/feed-state.server.ts";
import type { RunView } from "#app/discovery/runs/list-runs.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { formatCount, formatDay, formatQuantity } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

/** Where the reading of TMDB's change feed stands, and what is being refreshed now. */
export function FeedCard({ feed, running }: { feed: FeedState; running: readonly RunView[] }) {
  const open = feed.gaps.filter((gap) => gap.closedAt === null);
  return (
    <Facts
      facts={[
        {
          label: "Change feed",
          value:
            feed.cursor === null
              ? "not read yet; the first refresh begins with today"
              : `read up to ${formatDay(feed.cursor)}, ${lagText(feed.lagDays)}`,
        },
        feed.lastSyncAt
          ? {
              label: "Last read",
              value: (
                <>
                  <Ago at={feed.lastSyncAt} /> · {formatQuantity(feed.windowsRead, "window")} in all
                </>
              ),
            }
          : null,
        ...open.map((gap) => ({
          label: "Gap",
          value: (
            <>
              <Status
                status="review"
                label={`${formatDay(gap.from)} to ${formatDay(gap.to)} was not read: TMDB keeps 14 days`}
              />{" "}
              · {formatQuantity(gap.worksLeft, "film")} left to refresh, oldest first, until it is closed
            </>
          ),
        })),
        running.length > 0
          ? {
              label: "Running",
              value: running.map((run) => (
                <span key={run.id}>
                  <Anchor component={Link} to={`/discovery/runs/${run.id}?status=pending`}>
                    run {run.id}
                  </Anchor>
                  : {formatCount(run.checked - run.notAttempted)} of {formatCount(run.checked)}{" "}
                </span>
              )),
            }
          : { label: "Running", value: "nothing" },
      ]}
    />
  );
}

function lagText(days: number | null): string {
  if (days === null || days <= 1) return "up to date";
  return `${formatQuantity(days, "day")} behind`;
}
