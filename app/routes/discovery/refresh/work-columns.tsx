import type { DueWork } from "#app/discovery/refresh/list-due.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { formatDay } from "#app/ui/format.ts";

/** What every list of works to refresh begins with. */
export const workColumns: Column<DueWork>[] = [
  {
    id: "title",
    header: "Work",
    cell: (work) => (work.year ? `${work.title} (${work.year})` : work.title),
    phone: "title",
  },
  {
    id: "released",
    header: "Released",
    cell: (work) => formatDay(work.releaseDate),
    width: 120,
    wideOnly: true,
  },
  {
    id: "refreshed",
    header: "Last refreshed",
    cell: (work) => (work.lastRefreshedAt ? <Ago at={work.lastRefreshedAt} /> : "never"),
    width: 130,
  },
];
