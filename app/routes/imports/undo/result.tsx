import { LeftTable } from "#app/routes/imports/undo/left-table.tsx";
import type { UndoPageData } from "#app/routes/imports/undo.tsx";
import { Ago } from "#app/ui/ago.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { ProgressBar } from "#app/ui/progress-bar.tsx";

/** How far an undo is, or what came of it. */
export function UndoResult({ data }: { data: UndoPageData }) {
  const { job, running, left, forecast } = data;
  const { undoTotal, undoRemoved, undoLeft } = job;
  if (running)
    return (
      <ProgressBar label="Undoing" value={undoRemoved + undoLeft} total={undoTotal}>
        {`Undoing: ${formatCount(undoRemoved + undoLeft)} of ${formatQuantity(undoTotal, "record")}`}
      </ProgressBar>
    );
  return (
    <>
      <p>
        {job.undoStatus === "failed" ? "Broken off" : "Undone"}
        {job.undoRequestedBy ? ` by ${job.undoRequestedBy}` : ""}
        {job.undoneAt ? (
          <>
            {" "}
            <Ago at={job.undoneAt} />
          </>
        ) : null}
        : {formatQuantity(undoRemoved, "record")} removed, {formatCount(undoLeft)} left.
      </p>
      {/* What is left now, and why, stands in the forecast of the next try. */}
      {left.length > 0 && !forecast ? (
        <Section title="What is left">
          <LeftTable label="What was left" importId={job.id} left={left} count={undoLeft} />
        </Section>
      ) : null}
    </>
  );
}
