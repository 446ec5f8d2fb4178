import { formatIds } from "#app/imports/sources/adapter.ts";
import { adapterOf } from "#app/imports/sources/registry.ts";

/** What operators call the format of a job: `Letterboxd "watched"`; the stored name when this version does not know it. */
export function formatLabel(job: { source: string; format: string }): string {
  const known = formatIds.find((id) => id === job.format);
  return known ? adapterOf(known).label : `${job.source} ${job.format}`;
}
