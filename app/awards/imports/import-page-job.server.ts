import { imdbPages } from "#app/awards/imports/imdb-pages.server.ts";
import { importPage, type PageContext } from "#app/awards/imports/import-page.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { isOn } from "#app/upstreams/services.ts";

/** `importPage` over IMDb's own pages. */
export function importPageJob(
  run: UpstreamContext & Pick<PageContext, "isLastAttempt" | "jobId" | "signal"> & { attempt: number },
  payload: Parameters<typeof importPage>[1],
): ReturnType<typeof importPage> {
  return importPage(
    {
      ...run,
      // Somebody wants to know what is on it now; a later attempt takes what an earlier one has read.
      pagesOf: (list) => imdbPages({ ...run, fresh: run.attempt === 1 }, list),
      isTmdbOn: isOn("tmdb", run.config),
      isTabstackOn: isOn("tabstack", run.config),
    },
    payload,
  );
}
