import { Anchor } from "@mantine/core";
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { argumentOf } from "#app/routes/queue/argument.ts";
import { failedJobsText } from "#app/routes/queue/failures/failed-jobs-text.ts";
import { groupJobsHref } from "#app/routes/queue/failures/failure-columns.tsx";
import { runFailureForm } from "#app/routes/queue/failures/failure-forms.server.ts";
import classes from "#app/routes/queue/failures/failures.module.css";
import { IgnoreButton } from "#app/routes/queue/failures/ignore-button.tsx";
import { loadFailureGroup } from "#app/routes/queue/failures/load-failures.server.ts";
import { RetryGroupButton } from "#app/routes/queue/failures/retry-group-button.tsx";
import { Ago } from "#app/ui/ago.tsx";
import { BarChart } from "#app/ui/bar-chart.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { useLive } from "#app/ui/live.tsx";
import { Moment } from "#app/ui/moment.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";

export const loader = door(({ params }: LoaderFunctionArgs) =>
  loadFailureGroup(appContext(), params.fingerprint ?? ""),
);

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const { db } = appContext();
  return runFailureForm({ db, actor: requireActor(context), requestId: context.get(requestIdContext) }, form);
});

const series = [{ id: "failures", label: "failures", status: "failed" }] as const;

export default function FailureGroupPage() {
  const { group, samples, hours, isWorkerAlive } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  return (
    <Page
      title={group.errorCode ?? group.errorClass ?? group.task}
      back={{ to: "/queue/failures", label: "Failures" }}
      meta={[
        <code key="task">{group.task}</code>,
        formatQuantity(group.failures, "failure"),
        <>
          last <Ago at={group.lastSeenAt} />
        </>,
      ]}
      actions={
        <>
          {group.ignoredUntil === null ? (
            <IgnoreButton fingerprint={group.fingerprint} />
          ) : (
            <PostButton fields={{ intent: "unignore", fingerprint: group.fingerprint }}>
              Watch again
            </PostButton>
          )}
          <RetryGroupButton group={group} tone="primary" />
        </>
      }
    >
      {isWorkerAlive ? null : <NoWorker />}
      <Section title="Last message">
        <p className={classes.message}>{group.sampleMessage}</p>
      </Section>
      <GroupFacts group={group} />
      <BarChart
        label="Failures per hour, last 24 hours"
        series={series}
        buckets={hours}
        height={96}
        empty="Nothing failed of this in the last 24 hours"
      />
      <Section title="Last failed attempts">
        <DataTable
          label="Last failed attempts"
          columns={sampleColumns}
          rows={samples}
          rowId={({ runId }) => runId}
          rowHref={({ jobId }) => `/queue/jobs/${jobId}`}
          empty={<EmptyState kind="clear" title="Its attempts are past the 90 days that history is kept" />}
        />
      </Section>
    </Page>
  );
}

type Group = Awaited<ReturnType<typeof loadFailureGroup>>["group"];
type Sample = Awaited<ReturnType<typeof loadFailureGroup>>["samples"][number];

function GroupFacts({ group }: { group: Group }) {
  return (
    <Facts
      facts={[
        {
          label: "Failed jobs",
          value:
            group.failedJobs === 0 && !group.hasMoreFailedJobs ? (
              "none waits"
            ) : (
              <Anchor component={Link} to={groupJobsHref(group.fingerprint)}>
                {failedJobsText(group)}
              </Anchor>
            ),
        },
        { label: "Failures", value: formatCount(group.failures) },
        { label: "First seen", value: <Moment at={group.firstSeenAt} /> },
        { label: "Last seen", value: <Moment at={group.lastSeenAt} /> },
        group.errorClass && group.errorCode
          ? { label: "Class", value: <code>{group.errorClass}</code> }
          : null,
        group.ignoredUntil === null
          ? null
          : {
              label: "Ignored",
              value: (
                <>
                  until <Moment at={group.ignoredUntil} /> by {group.ignoredBy}: {group.ignoredReason}
                </>
              ),
            },
      ]}
    />
  );
}

const sampleColumns: Column<Sample>[] = [
  { id: "job", header: "Job", cell: ({ jobId }) => jobId, mono: true, width: 110, phone: "title" },
  { id: "argument", header: "Argument", cell: ({ payload }) => argumentOf(payload), mono: true, width: 180 },
  {
    id: "outcome",
    header: "Outcome",
    cell: ({ outcome }) => <Status status={outcome} />,
    width: 100,
    phone: "aside",
  },
  {
    id: "attempt",
    header: "Attempt",
    cell: ({ attempt, maxAttempts }) => `${attempt} of ${maxAttempts}`,
    width: 90,
    wideOnly: true,
  },
  { id: "when", header: "When", cell: ({ finishedAt }) => <Ago at={finishedAt} />, width: 100 },
  { id: "message", header: "Message", cell: ({ message }) => message },
];
