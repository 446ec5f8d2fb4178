import type { JobState } from "#app/queue/job-state.ts";
import type { JobsPageData } from "#app/routes/queue/jobs/load-jobs.server.ts";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { LookedBack } from "#app/ui/looked-back.tsx";

const titles: Record<Exclude<JobState, "failed">, string> = {
  retrying: "No job waits for another try",
  running: "No job is running",
  queued: "No job waits for a slot",
  scheduled: "No job is scheduled",
  paused: "No job is paused",
  completed: "No job has completed yet",
};

/** Why the list is empty: nothing ever, nothing that matches, nothing wrong, or nothing in this state. */
export function NoJobs({ data }: { data: JobsPageData }) {
  const { state, lookedBackTo, mostLookedAt, nextCursor } = data;
  if (lookedBackTo)
    return (
      <EmptyState kind="match" title={`No ${state} job matches so far`} clearTo="/queue">
        <LookedBack count={mostLookedAt} noun="run" to={lookedBackTo} next={nextCursor} />
      </EmptyState>
    );
  if (data.isFiltered) return <EmptyState kind="match" title={`No ${state} job matches`} clearTo="/queue" />;
  if (!data.isAnythingThere)
    return (
      <EmptyState kind="yet" title="No job yet">
        Jobs come with imports, with schedules, and with what you press elsewhere. All that the desk does in
        the background is listed here.
      </EmptyState>
    );
  if (state === "failed") return <EmptyState kind="clear" title="No job has failed" />;
  return <EmptyState kind="yet" title={titles[state]} />;
}
