/**
 * Upper bounds of the buckets that durations of runs are counted in, in seconds; a run beyond the last one is in bucket
 * `RUN_SECONDS.length`. They stand in `job_run_hours.bucket` as indexes: changing one makes old sums mean something else.
 */
export const RUN_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] as const;
