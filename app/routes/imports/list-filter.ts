import { type SourceId, sourceIds } from "#app/imports/sources/adapter.ts";
import { type JobStatus, jobStatuses } from "#app/imports/status.ts";

/** What narrows the list of imports. */
export interface ListFilter {
  status: JobStatus | undefined;
  source: SourceId | undefined;
  hasFailures: boolean | undefined;
  search: string | undefined;
}

/** Longer searches are nobody's file name. */
const LONGEST_SEARCH = 200;

/**
 * Reads the filter out of a URL. What is unknown counts as absent, so that an old or mistyped address still shows a list.
 */
export function readListFilter(params: URLSearchParams): ListFilter {
  const search = params.get("q")?.trim().slice(0, LONGEST_SEARCH);
  return {
    status: jobStatuses.find((status) => status === params.get("status")),
    source: sourceIds.find((source) => source === params.get("source")),
    hasFailures: params.get("failures") === "yes" || undefined,
    search: search || undefined,
  };
}

/** Whether anything is filtered: an empty list then means "nothing matches", not "nothing yet". */
export function isFiltered(filter: ListFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
