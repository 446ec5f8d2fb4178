import { useMemo, useState } from "react";
import type { ListedJob } from "#app/queue/console/list-jobs.server.ts";
import { isWaitingState, type JobState } from "#app/queue/job-state.ts";
import { type ActionableState, ActionBar } from "#app/routes/queue/jobs/action-bar.tsx";
import { jobColumns } from "#app/routes/queue/jobs/job-columns.tsx";
import classes from "#app/routes/queue/jobs/jobs.module.css";
import { useRememberList } from "#app/routes/queue/jobs/list-memory.ts";
import type { JobsPageData } from "#app/routes/queue/jobs/load-jobs.server.ts";
import { NoJobs } from "#app/routes/queue/jobs/no-jobs.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { formatCount } from "#app/ui/format.ts";
import { LookedBack } from "#app/ui/looked-back.tsx";

const rowId = ({ id }: ListedJob) => id;
const rowName = ({ id, task }: ListedJob) => `${task} ${id}`;
const rowHref = ({ id }: ListedJob) => `/queue/jobs/${id}`;

/** The jobs of one state, and what can be done with those that are selected, or with all. */
export function Jobs({ data }: { data: JobsPageData }) {
  const { state, jobs, words } = data;
  useRememberList(jobs);
  // What was selected in one list is not meant in the next.
  return <SelectableJobs key={`${state} ${words}`} data={data} />;
}

function SelectableJobs({ data }: { data: JobsPageData }) {
  const { state, jobs, words, problems, counts, bound } = data;
  const { lookedBackTo, mostLookedAt, nextCursor } = data;
  const [selected, setSelected] = useState<readonly string[]>([]);
  const columns = useMemo(() => jobColumns(state), [state]);
  // Jobs that went away with an update are no longer meant.
  const present = useMemo(() => new Set(jobs.map(rowId)), [jobs]);
  const kept = selected.filter((id) => present.has(id));
  return (
    <>
      {hasActions(state) && jobs.length > 0 ? (
        <ActionBar
          state={state}
          words={words}
          selected={kept}
          matching={counts[state]}
          // A bulk action looks at all runs of a group or a worker; the list at the newest.
          isAtLeast={bound?.of === "runs"}
          onDone={() => setSelected([])}
        />
      ) : null}
      {bound ? (
        <p className={classes.bound}>
          Searched the newest {formatCount(bound.newest)} {bound.of}.
        </p>
      ) : null}
      <DataTable
        label={`Jobs: ${state}`}
        columns={columns}
        rows={jobs}
        rowId={rowId}
        rowName={rowName}
        rowHref={rowHref}
        empty={problems.length > 0 ? null : <NoJobs data={data} />}
        {...(hasActions(state) && { selection: { selected: kept, onChange: setSelected } })}
      />
      {lookedBackTo && jobs.length > 0 ? (
        <LookedBack count={mostLookedAt} noun="run" to={lookedBackTo} next={nextCursor} />
      ) : null}
    </>
  );
}

/** What runs is its worker's, what is completed is history. */
function hasActions(state: JobState): state is ActionableState {
  return isWaitingState(state) && state !== "running";
}
