import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { RowOutcome } from "#app/discovery/backfill/rows.server.ts";
import { requestKey, type TitleRequest } from "#app/matching/resolution.ts";
import { resolveTitle } from "#app/matching/resolve.server.ts";
import { titleKey } from "#app/matching/title.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";

/** What filling a row needs. */
export type FillContext = UpstreamContext & { db: Db; config: Config };

interface KnownTitle {
  mediaType: "movie" | "tv";
  title: string;
  year: number | null;
  tmdbId: number | null;
  imdbId: string | null;
}

/**
 * Which title at TMDB this is: by its ids, else by name and year, and only where one is clearly best (M-02).
 *
 * @returns what becomes of the row where none is
 * @throws AppError UPSTREAM_OFF · BudgetWait · UpstreamPaused · UpstreamError
 */
export async function findTitle(
  ctx: FillContext,
  known: KnownTitle,
): Promise<{ tmdbId: number } | Extract<RowOutcome, { code: string }>> {
  if (known.tmdbId !== null) return { tmdbId: known.tmdbId };
  const ids: TitleRequest["ids"] = known.imdbId ? { imdb: known.imdbId } : {};
  const key = requestKey(titleKey(known.title, known.year, known.mediaType), ids, known.mediaType);
  const { resolution } = await resolveTitle(ctx, {
    key,
    query: { title: known.title, year: known.year, kind: known.mediaType },
    ids,
    seriesTitle: null,
  });
  if (
    resolution.outcome === "match" &&
    resolution.tmdbId !== null &&
    resolution.mediaType === known.mediaType
  )
    return { tmdbId: resolution.tmdbId };
  if (resolution.outcome === "review")
    return { status: "failed", code: "MORE_THAN_ONE_TITLE", message: resolution.reason.text };
  return {
    status: "skipped",
    code: "NO_TITLE_FOUND",
    message: `No title at TMDB is clearly this one. ${resolution.reason.text}`,
  };
}
