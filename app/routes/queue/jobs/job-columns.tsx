import type { ListedJob } from "#app/queue/console/list-jobs.server.ts";
import { type JobState, timeWords } from "#app/queue/job-state.ts";
import { argumentOf } from "#app/routes/queue/argument.ts";
import { jobTimes, type Span } from "#app/routes/queue/jobs/job-times.ts";
import classes from "#app/routes/queue/jobs/jobs.module.css";
import { Ago } from "#app/ui/ago.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { NOTHING } from "#app/ui/format.ts";

/** The columns that fit the jobs of a state. */
export function jobColumns(state: JobState): Column<ListedJob>[] {
  const columns: Column<ListedJob>[] = [
    { id: "task", header: "Task · argument", cell: TaskCell, phone: "title" },
    {
      id: "attempt",
      header: "Attempt",
      cell: ({ attempts, maxAttempts }) => `${attempts} of ${maxAttempts}`,
      width: 84,
      align: "right",
      phoneUnit: "attempts",
    },
    {
      id: "waited",
      header: "Waited",
      cell: (job) => <SpanCell span={jobTimes(state, job).waited} />,
      width: 104,
      align: "right",
      phone: "hidden",
    },
    {
      id: "ran",
      header: "Ran",
      cell: (job) => <SpanCell span={jobTimes(state, job).ran} />,
      width: 96,
      align: "right",
    },
    {
      id: "when",
      header: timeWords[state],
      cell: (job) => <Ago at={jobTimes(state, job).when} />,
      width: 104,
      phone: "aside",
    },
  ];
  // What has not been tried has no error, what is completed none that matters.
  if (state === "failed" || state === "retrying" || state === "running" || state === "paused")
    columns.push({
      id: "error",
      header: "Error",
      cell: ({ error }) => (error === null ? NOTHING : <span title={error}>{error}</span>),
      dimmed: true,
      phone: "hidden",
    });
  return columns;
}

function TaskCell({ task, payload }: ListedJob) {
  const argument = argumentOf(payload);
  return (
    <span className={classes.task}>
      <code>{task}</code>
      <code className={classes.argument} title={argument}>
        {argument}
      </code>
    </span>
  );
}

function SpanCell({ span }: { span: Span | null }) {
  return span === null ? NOTHING : <Duration from={span.from} to={span.to} />;
}
