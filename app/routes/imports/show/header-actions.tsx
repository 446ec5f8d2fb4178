import { IconDownload } from "@tabler/icons-react";
import { whyNoUndo } from "#app/imports/undo/undo-reasons.ts";
import type { ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { LinkButton } from "#app/ui/link-button.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

const download = <IconDownload size={16} stroke={1.5} />;

/** What can be done with an import as a whole. The next step that is likeliest comes last and is the primary one. */
export function HeaderActions({ job, isPaused }: { job: ImportPageJob; isPaused: boolean }) {
  return (
    <>
      <LinkButton to={`/imports/${job.id}/file`} icon={download} download>
        Original file
      </LinkButton>
      <LinkButton
        to={`/imports/${job.id}/failed-rows.csv`}
        icon={download}
        download
        disabledReason={job.failedRows === 0 ? "No row has failed, so there is nothing to export" : null}
      >
        Export failed rows
      </LinkButton>
      {job.dryRun ? null : (
        <LinkButton to={`/imports/${job.id}/undo`} disabledReason={undoneOr(job, whyNoUndo(job))}>
          Undo…
        </LinkButton>
      )}
      <RetryFailed job={job} />
      {job.isFinished || isPaused ? null : (
        <LinkButton to={`/queue/pauses?pause=import:${job.id}`}>Pause…</LinkButton>
      )}
      {job.isFinished ? <Continue job={job} /> : <Cancel job={job} />}
    </>
  );
}

function RetryFailed({ job }: { job: ImportPageJob }) {
  const rows = formatQuantity(job.retryableRows, "row");
  const kept = job.failedRows - job.retryableRows;
  return (
    <ConfirmButton
      fields={{ intent: "retry-failed" }}
      title={`Retry ${rows}?`}
      text={
        <>
          {job.retryableRows === 1 ? "It is" : "They are"} processed again from the start; what is already
          written is not written twice.
          {kept > 0
            ? ` ${formatQuantity(kept, "row")} with wrong contents ${kept === 1 ? "stays" : "stay"} failed: correct ${kept === 1 ? "it" : "them"} first.`
            : ""}
          {hasOpenRows(job) && job.isFinished
            ? ` The ${formatQuantity(openRows(job), "row")} not begun go on as well.`
            : ""}
        </>
      }
      confirmLabel={`Retry ${rows}`}
      tone={isNextStep(job) ? "primary" : "default"}
      disabledReason={whyNoRetry(job)}
    >
      {job.retryableRows > 0 ? `Retry ${formatCount(job.retryableRows)} failed` : "Retry failed"}
    </ConfirmButton>
  );
}

/** One primary action a page: going on with a cancelled import, or writing what a dry run promised, comes first. */
function isNextStep(job: ImportPageJob): boolean {
  return (
    job.isFinished && job.undoStatus === null && job.retryableRows > 0 && !hasOpenRows(job) && !job.dryRun
  );
}

/** Once undo is under way its page is the place to look, so the button stays. */
const undoneOr = (job: ImportPageJob, reason: string | null): string | null =>
  job.undoStatus === null ? reason : null;

function whyNoRetry(job: ImportPageJob): string | null {
  if (job.undoStatus !== null) return "This import was undone: upload the file again";
  if (job.failedRows === 0) return "No row has failed, so there is nothing to retry";
  if (job.retryableRows === 0)
    return "The failed rows have wrong contents: export them, correct them and import that file";
  return null;
}

function Cancel({ job }: { job: ImportPageJob }) {
  const open = formatQuantity(openRows(job), "row");
  return (
    <ConfirmButton
      fields={{ intent: "cancel" }}
      title="Cancel this import?"
      text={`It stops between two rows. ${formatQuantity(job.successRows, "row")} ${
        job.dryRun ? "were tried" : "are written and stay written"
      }; ${open} will not be begun. It can be continued later.`}
      confirmLabel={`Leave out ${open}`}
      confirmTone="danger"
    >
      Cancel
    </ConfirmButton>
  );
}

function Continue({ job }: { job: ImportPageJob }) {
  if (!hasOpenRows(job) || job.undoStatus !== null) return null;
  return (
    <PostButton fields={{ intent: "continue" }} tone="primary">
      {`Continue with ${formatQuantity(openRows(job), "row")}`}
    </PostButton>
  );
}

const openRows = (job: ImportPageJob): number => job.totalRows - job.processedRows;
const hasOpenRows = (job: ImportPageJob): boolean => openRows(job) > 0;
