import type { JobStatus } from "#app/imports/status.ts";
import classes from "#app/routes/imports/import-bar.module.css";
import { formatCount, formatEstimate, formatPercent } from "#app/ui/format.ts";
import { SegmentedBar } from "#app/ui/segmented-bar.tsx";

/** The part of an import that its bar shows. */
export interface ImportCounters {
  fileName: string;
  status: JobStatus;
  totalRows: number;
  processedRows: number;
  successRows: number;
  failedRows: number;
  skippedRows: number;
  reviewRows: number;
}

/** How the rows of an import divide; what is not begun is the empty track. Numbers in its tooltip and name. */
export function RowsBar({ job }: { job: ImportCounters }) {
  return (
    <SegmentedBar
      label={`Rows of ${job.fileName}`}
      total={job.totalRows}
      segments={[
        { status: "success", count: job.successRows },
        { status: "skipped", count: job.skippedRows },
        { status: "review", count: job.reviewRows },
        { status: "failed", count: job.failedRows },
      ]}
    />
  );
}

export interface ImportBarProps {
  job: ImportCounters;
  eta: { seconds: number; limitedBy: string | null } | null;
  /** Why it does not move although it should: no worker, a paused upstream. */
  heldUp?: string | null;
}

/** The bar of an import and its sentence: how far, how long still, and what limits it. */
export function ImportBar({ job, eta, heldUp = null }: ImportBarProps) {
  const text = progressText(job);
  return (
    <div className={classes.root}>
      <div
        role="progressbar"
        aria-label={`Progress of ${job.fileName}`}
        aria-valuemin={0}
        aria-valuemax={job.totalRows}
        aria-valuenow={job.processedRows}
        aria-valuetext={text}
      >
        <RowsBar job={job} />
      </div>
      <p className={classes.text}>
        {[text, ...paceText(job.status, eta, heldUp)].map((part) => (
          <span key={part}>{part}</span>
        ))}
      </p>
    </div>
  );
}

function progressText({ processedRows, totalRows }: ImportCounters): string {
  return `${formatCount(processedRows)} of ${formatCount(totalRows)} (${formatPercent(processedRows, totalRows)})`;
}

function paceText(status: JobStatus, eta: ImportBarProps["eta"], heldUp: string | null): string[] {
  if (status !== "queued" && status !== "processing") return [];
  if (heldUp !== null) return [heldUp];
  if (eta === null) return [status === "queued" ? "waits for a worker" : "time left not known yet"];
  const left = `${formatEstimate(eta.seconds)} left`;
  return eta.limitedBy === null ? [left] : [left, `limited by ${eta.limitedBy}`];
}
