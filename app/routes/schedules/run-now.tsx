import type { Schedule } from "#app/queue/schedules.server.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

/** Starts a schedule's job out of turn. What writes asks first. */
export function RunNow({ schedule }: { schedule: Schedule }) {
  const { id, label, purpose, state, jobId, writes } = schedule;
  const fields = { intent: "run-schedule", schedule: id };
  const disabledReason =
    jobId === null
      ? null
      : state === "running"
        ? `${label} is running already`
        : `${label} is waiting in the queue already`;
  if (!writes)
    return (
      <PostButton fields={fields} disabledReason={disabledReason}>
        Run now
      </PostButton>
    );
  return (
    <ConfirmButton
      fields={fields}
      disabledReason={disabledReason}
      title={`Run ${label.toLowerCase()} now?`}
      text={
        <>
          {purpose} It runs once, in addition to its schedule.
          {state === "paused" ? " Its task is paused: the job waits until somebody resumes that." : null}
        </>
      }
      confirmLabel="Run now"
    >
      Run now
    </ConfirmButton>
  );
}
