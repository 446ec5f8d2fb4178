import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { door } from "#app/middleware/door.server.ts";
import { type BulkActionView, listBulkActions } from "#app/queue/bulk-actions.server.ts";
import { scopeWords } from "#app/queue/job-action.ts";
import { actionTitle } from "#app/routes/queue/actions/action-title.ts";
import { queueTabs } from "#app/routes/queue/queue-tabs.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";
import { Status } from "#app/ui/status.tsx";

const PAGE_SIZE = 50;

export const loader = door(async ({ url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const cursor = url.searchParams.get("cursor") || undefined;
  const [page, isWorkerAlive] = await Promise.all([
    sharedRead(`queue:bulk-actions?${cursor ?? ""}`, () => listBulkActions(db, { limit: PAGE_SIZE, cursor })),
    workerAlive(db),
  ]);
  return { ...page, isWorkerAlive };
});

const columns: Column<BulkActionView>[] = [
  {
    id: "action",
    header: "Action",
    cell: (action) => `${actionTitle(action)}: ${scopeWords(action)}`,
    phone: "title",
  },
  {
    id: "status",
    header: "Status",
    cell: ({ status }) => <Status status={status} />,
    width: 112,
    phone: "aside",
  },
  {
    id: "asked",
    header: "Asked",
    cell: ({ asked }) => formatCount(asked),
    width: 80,
    align: "right",
    phoneUnit: "asked",
  },
  {
    id: "done",
    header: "Done",
    cell: ({ done }) => formatCount(done),
    width: 80,
    align: "right",
    phoneUnit: "done",
  },
  {
    id: "by",
    header: "By",
    cell: ({ requestedBy }) => requestedBy,
    width: 180,
    dimmed: true,
    wideOnly: true,
  },
  { id: "when", header: "Asked for", cell: ({ createdAt }) => <Ago at={createdAt} />, width: 104 },
];

export default function BulkActions() {
  const { actions, nextCursor, isWorkerAlive } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const waits = actions.some(({ status }) => status === "queued" || status === "running");
  return (
    <Page title="Queue" tabs={queueTabs("actions")}>
      {waits && !isWorkerAlive ? <NoWorker /> : null}
      <DataTable
        label="Bulk actions"
        columns={columns}
        rows={actions}
        rowId={({ id }) => id}
        rowHref={({ id }) => `/queue/actions/${id}`}
        empty={
          <EmptyState kind="yet" title="No bulk action yet">
            Choose “Apply to all that match” over a list of jobs: what is done then is followed here, and can
            be stopped.
          </EmptyState>
        }
      />
      <KeysetPager label="Bulk actions" next={nextCursor} shown={actions.length} />
    </Page>
  );
}
