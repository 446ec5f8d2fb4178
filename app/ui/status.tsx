import { formatCount } from "#app/ui/format.ts";
import classes from "#app/ui/status.module.css";

/** Every status that a job, a row or a run can have, and the colour that carries its meaning. */
const TONES = {
  queued: "pending",
  pending: "pending",
  processing: "running",
  running: "running",
  success: "success",
  completed: "success",
  partial: "review",
  review: "review",
  failed: "failed",
  skipped: "skipped",
  cancelled: "cancelled",
  paused: "paused",
  scheduled: "pending",
  retrying: "review",
  postponed: "skipped",
  lost: "failed",
  discarded: "cancelled",
  removed: "cancelled",
  aborted: "cancelled",
} as const;

export type StatusName = keyof typeof TONES;
export type StatusTone = (typeof TONES)[StatusName];

/**
 * The colour class of a status.
 */
export function statusTone(status: StatusName): StatusTone {
  return TONES[status];
}

export interface StatusProps {
  status: StatusName;
  /** Another word than the status itself, for example `to review`. */
  label?: string;
  /** A number before the word: `37 failed`. */
  count?: number;
}

/** A 6 px dot and a word. */
export function Status({ status, label = status, count }: StatusProps) {
  return (
    <span className={classes.status} data-tone={TONES[status]}>
      <span className={classes.dot} aria-hidden />
      {count === undefined ? null : <span className={classes.count}>{formatCount(count)}</span>}
      <span className={classes.word}>{label}</span>
    </span>
  );
}
