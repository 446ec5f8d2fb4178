import { formatCount } from "#app/ui/format.ts";

/** How many failed jobs of a group wait: `12`, or `12 or more` where they were not counted to the end. */
export function failedJobsText(group: { failedJobs: number; hasMoreFailedJobs: boolean }): string {
  const { failedJobs, hasMoreFailedJobs } = group;
  if (!hasMoreFailedJobs) return failedJobs === 0 ? "none" : formatCount(failedJobs);
  return failedJobs === 0 ? "unknown" : `${formatCount(failedJobs)} or more`;
}
