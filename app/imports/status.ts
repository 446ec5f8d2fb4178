/** Fate of an import job (PRODUCT.md, Words). */
export const jobStatuses = [
  "queued", //     taken in; no worker has begun
  "processing", // rows are being worked on
  "completed", //  every row succeeded or was skipped for a stated reason
  "partial", //    finished, and some rows failed or wait for an operator
  "failed", //     finished, and not one row succeeded, was skipped or waits; or the job itself could not run
  "cancelled", //  stopped by an operator; what was written stays written
] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** Fate of one row. */
export const rowStatuses = [
  "pending", //    not begun
  "processing", // a worker holds a lease on it
  "success", //    its effect is in the catalogue (in a dry run: would be)
  "failed", //     has an error code and a sentence; may be retried
  "skipped", //    deliberately not written: a duplicate
  "review", //     more than one plausible title: an operator decides
] as const;
export type RowStatus = (typeof rowStatuses)[number];

/** Every allowed move of a job. What is not here is a bug, and the guarded updates in SQL change no row. */
const jobMoves: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ["processing", "cancelled", "failed"],
  processing: ["completed", "partial", "failed", "cancelled"],
  completed: [],
  // Failed rows are retried, doubtful ones decided: the job goes on.
  partial: ["queued", "completed"],
  failed: ["queued"],
  cancelled: ["queued"],
};

/** Whether a job may go from one status to the other. */
export const canMove = (from: JobStatus, to: JobStatus): boolean => jobMoves[from].includes(to);

export const isFinished = (status: JobStatus): boolean => status !== "queued" && status !== "processing";
