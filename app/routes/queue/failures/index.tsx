import { Anchor } from "@mantine/core";
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { ignoredColumns, openColumns } from "#app/routes/queue/failures/failure-columns.tsx";
import { runFailureForm } from "#app/routes/queue/failures/failure-forms.server.ts";
import classes from "#app/routes/queue/failures/failures.module.css";
import { type FailureGroupView, loadFailures } from "#app/routes/queue/failures/load-failures.server.ts";
import { queueTabs } from "#app/routes/queue/queue-tabs.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatCount } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadFailures(appContext(), url.searchParams));

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const { db } = appContext();
  return runFailureForm({ db, actor: requireActor(context), requestId: context.get(requestIdContext) }, form);
});

const rowId = ({ fingerprint }: FailureGroupView) => fingerprint;
const rowHref = ({ fingerprint }: FailureGroupView) => `/queue/failures/${fingerprint}`;

export default function Failures() {
  const data = useLoaderData<typeof loader>();
  const { groups, ignored, ignoredGroups, failedJobs, groupedJobs, nextCursor } = data;
  useLive("/live?topic=console");
  return (
    <Page
      title="Queue"
      state={failedJobs > 0 ? `${formatCount(failedJobs)} failed` : null}
      tabs={queueTabs("failures")}
    >
      {data.isWorkerAlive ? null : <NoWorker />}
      <FilterChips
        label="Groups of failures"
        param="show"
        current={ignored ? "ignored" : null}
        chips={[
          { value: null, label: "to look at" },
          { value: "ignored", label: "ignored", count: ignoredGroups },
        ]}
      />
      {groupedJobs === null || ignored ? null : (
        <p className={classes.note}>
          More jobs have failed than can be told apart here: “Failed jobs” counts the{" "}
          {formatCount(groupedJobs)} that failed last.{" "}
          <Anchor component={Link} to="/queue?state=failed" inherit underline="always">
            All failed jobs
          </Anchor>
        </p>
      )}
      <DataTable
        label={ignored ? "Ignored groups of failures" : "Groups of failures"}
        columns={ignored ? ignoredColumns : openColumns}
        rows={groups}
        rowId={rowId}
        rowHref={rowHref}
        empty={<NoFailures data={data} />}
      />
      <KeysetPager label="Groups of failures" next={nextCursor} shown={groups.length} />
    </Page>
  );
}

function NoFailures({ data }: { data: Awaited<ReturnType<typeof loadFailures>> }) {
  const { ignored, ignoredGroups, isFirstPage } = data;
  if (!isFirstPage) return <EmptyState kind="match" title="No groups on this page" clearTo="?" />;
  if (ignored) return <EmptyState kind="clear" title="Nothing is ignored" />;
  if (ignoredGroups > 0) return <EmptyState kind="clear" title="Nothing failed but what is ignored" />;
  return (
    <EmptyState kind="clear" title="Nothing failed in the last 90 days">
      Attempts that fail are gathered here by their cause, whether or not a later attempt completes.
    </EmptyState>
  );
}
