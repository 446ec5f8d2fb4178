import { EpisodesSeen } from "#app/routes/library/episodes-seen.tsx";
import type { ListedWork } from "#app/routes/library/list/load-library.server.ts";
import type { WorksProps } from "#app/routes/library/list/works-grid.tsx";
import { kindWords, matchWord } from "#app/routes/library/work-words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Moment } from "#app/ui/moment.tsx";
import { Status } from "#app/ui/status.tsx";

const columns: Column<ListedWork>[] = [
  { id: "title", header: "Title", cell: ({ title }) => title, phone: "title" },
  { id: "year", header: "Year", cell: ({ year }) => year ?? "–", width: 64 },
  { id: "kind", header: "Kind", cell: ({ mediaType }) => kindWords[mediaType], width: 72 },
  { id: "episodes", header: "Episodes", cell: (work) => <EpisodesSeen work={work} inColumn />, width: 240 },
  {
    id: "seen",
    header: "Last seen",
    cell: ({ lastViewedOn }) => <Moment at={lastViewedOn} day />,
    width: 112,
    phone: "aside",
  },
  {
    id: "match",
    header: "Match",
    cell: (work) => <Status status={work.tmdbId === null ? "review" : "success"} label={matchWord(work)} />,
    width: 128,
    phone: "hidden",
  },
  {
    id: "added",
    header: "Added",
    cell: ({ createdAt }) => <Ago at={createdAt} />,
    width: 100,
    dimmed: true,
    wideOnly: true,
    phone: "hidden",
  },
];

/** The same works as lines. */
export function WorksTable({ works, empty }: WorksProps) {
  return (
    <DataTable
      label="Works"
      columns={columns}
      rows={works}
      rowId={({ workId }) => workId}
      rowHref={({ workId }) => `/library/${workId}`}
      empty={empty}
    />
  );
}
