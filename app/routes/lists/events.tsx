import { useLoaderData } from "react-router";
import { listOrganizations, type OrganizationRow } from "#app/awards/events/read-events.server.ts";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { door } from "#app/middleware/door.server.ts";
import { listsTabs } from "#app/routes/lists/lists-tabs.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, NOTHING } from "#app/ui/format.ts";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";

export const loader = door(async () => {
  const { db } = appContext();
  return { organizations: await sharedRead("events", () => listOrganizations(db)) };
});

const columns: Column<OrganizationRow>[] = [
  { id: "name", header: "Event", cell: (one) => one.name, phone: "title" },
  { id: "short", header: "Short", cell: (one) => one.abbreviation ?? NOTHING, width: 120, wideOnly: true },
  { id: "id", header: "At IMDb", cell: (one) => one.imdbEventId, mono: true, width: 130, wideOnly: true },
  {
    id: "years",
    header: "Years",
    cell: (one) =>
      one.firstYear === null || one.firstYear === one.lastYear
        ? (one.firstYear ?? NOTHING)
        : `${one.firstYear}–${one.lastYear}`,
    width: 120,
    phone: "aside",
  },
  {
    id: "ceremonies",
    header: "Ceremonies",
    cell: (one) => formatCount(one.ceremonies),
    phoneUnit: "ceremonies",
    align: "right",
    width: 110,
  },
  {
    id: "nominations",
    header: "Nominations",
    cell: (one) => formatCount(one.nominations),
    phoneUnit: "nominations",
    align: "right",
    width: 120,
  },
];

export default function Events() {
  const { organizations } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  return (
    <Page
      title="Lists & awards"
      tabs={listsTabs("events")}
      meta={["Award events and festivals with their ceremonies"]}
    >
      <DataTable
        label="Award events"
        columns={columns}
        rows={organizations}
        rowId={(one) => one.id}
        rowHref={(one) => `/lists/events/${one.id}`}
        empty={
          <EmptyState
            kind="yet"
            title="No events yet"
            action={<LinkButton to="/lists?show=events">Lists of events</LinkButton>}
          >
            An event appears here with the first year of it that is imported.
          </EmptyState>
        }
      />
    </Page>
  );
}
