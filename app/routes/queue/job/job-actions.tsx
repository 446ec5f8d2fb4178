import type { JobActionName } from "#app/queue/job-action.ts";
import type { JobFate } from "#app/queue/job-state.ts";
import { ActionButtons } from "#app/routes/queue/action-buttons.tsx";
import type { JobPageData } from "#app/routes/queue/job/load-job.server.ts";

/** Why nothing at all can be done. */
const over: Partial<Record<JobFate, string>> = {
  running: "A worker has it: what runs cannot be changed",
  completed: "It has completed",
  discarded: "It was discarded",
  removed: "It is not in the queue any more",
};

const cannotRunNow: Partial<Record<JobFate, string>> = {
  queued: "It is due already and waits for a slot",
  paused: "It is paused: resume it first",
};

/** What can be done with one job, the likeliest last; what cannot says why. */
export function JobActions({ job }: Pick<JobPageData, "job">) {
  const { fate } = job;
  const first: JobActionName = fate === "failed" ? "retry" : "run_now";
  return (
    <ActionButtons
      actions={["set_priority", "reschedule", "discard", first]}
      count={null}
      fields={{ ids: job.id, state: fate }}
      disabledReason={(name) => over[fate] ?? (name === "run_now" ? (cannotRunNow[fate] ?? null) : null)}
    />
  );
}
