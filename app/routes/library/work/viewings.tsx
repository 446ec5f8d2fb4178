import type { WorkPageData, WorkPageWork } from "#app/routes/library/work/load-work.server.ts";
import { OriginLink } from "#app/routes/library/work/origin-link.tsx";
import classes from "#app/routes/library/work/work.module.css";
import { Count } from "#app/ui/count.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatDay } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { Section } from "#app/ui/page.tsx";

type Viewing = WorkPageData["viewings"][number];

const date: Column<Viewing> = {
  id: "date",
  header: "Seen",
  cell: ({ viewedOn }) => (viewedOn === null ? "no date" : formatDay(viewedOn)),
  width: 112,
  phone: "title",
};

const rest: Column<Viewing>[] = [
  {
    id: "rating",
    header: "Own rating",
    cell: ({ rating }) => (rating === null ? "–" : `${rating} of 10`),
    width: 96,
    phone: "aside",
  },
  {
    id: "origin",
    header: "From",
    cell: (viewing) => (
      <>
        <OriginLink origin={viewing} />
        {viewing.rewatch ? <span className={classes.aside}>seen again</span> : null}
      </>
    ),
  },
];

const ofFilm: Column<Viewing>[] = [date, ...rest];
const ofSeries: Column<Viewing>[] = [
  date,
  { id: "episode", header: "Episode", cell: (viewing) => episodeName(viewing), width: 320 },
  ...rest,
];

/** `S2 E5 · Phoenix`, or what of it is known. */
function episodeName({ season, episode, episodeTitle }: Viewing): string {
  const place = [season === null ? null : `S${season}`, episode === null ? null : `E${episode}`];
  return [place.filter(Boolean).join(" "), episodeTitle].filter(Boolean).join(" · ") || "–";
}

interface ViewingsProps {
  work: WorkPageWork;
  viewings: readonly Viewing[];
  nextCursor: string | null;
}

/** When a work was seen, newest first, each with the row that says so. */
export function Viewings({ work, viewings, nextCursor }: ViewingsProps) {
  return (
    <Section
      title="Viewings"
      aside={
        work.viewingsCount > 0 ? (
          <span className={classes.dimmed}>
            <Count value={work.viewingsCount} of="viewing" />
          </span>
        ) : null
      }
    >
      <DataTable
        label="Viewings"
        columns={work.mediaType === "tv" ? ofSeries : ofFilm}
        rows={viewings}
        rowId={({ viewingId }) => viewingId}
        empty={
          <EmptyState kind="yet" title="No viewing recorded">
            {work.wish ? "It is on the list of what is wanted." : null}
          </EmptyState>
        }
      />
      <KeysetPager label="Viewings" next={nextCursor} shown={viewings.length} />
    </Section>
  );
}
