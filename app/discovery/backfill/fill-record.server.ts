import { createHash } from "node:crypto";
import { fieldList } from "#app/discovery/backfill/fields.ts";
import { type FillContext, findTitle } from "#app/discovery/backfill/find-title.server.ts";
import { changesFor } from "#app/discovery/backfill/remote-record.ts";
import type { ClaimedRow, RowOutcome } from "#app/discovery/backfill/rows.server.ts";
import { updateMovie, updateShow } from "#app/upstreams/catalogue/client.server.ts";
import { getByImdbId } from "#app/upstreams/omdb/client.server.ts";
import { isOn } from "#app/upstreams/services.ts";
import { getMovie, getSeries } from "#app/upstreams/tmdb/client.server.ts";
import { omdbFacts } from "#app/works/omdb-facts.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";
import { imageUrls, movieFacts, seriesFacts } from "#app/works/tmdb-facts.ts";

/**
 * Fills what a record of the remote catalogue lacks: one PATCH with those fields alone. Sent again after an answer that was
 * lost it carries the same key, so the catalogue can tell.
 *
 * @throws AppError UPSTREAM_OFF · BudgetWait · UpstreamPaused · UpstreamError
 */
export async function fillRecord(ctx: FillContext, backfillId: string, row: ClaimedRow): Promise<RowOutcome> {
  const found = await findTitle(ctx, row);
  if (!("tmdbId" in found)) return found;
  const facts = await factsOf(ctx, row, found.tmdbId);
  const { filled, changes } = facts ? changesFor(row.lacks, facts) : { filled: {}, changes: {} };
  if (Object.keys(filled).length === 0)
    return {
      status: "skipped",
      code: "NOTHING_KNOWN",
      message: `Nobody who could be asked knows its ${fieldList(row.lacks)} either.`,
    };
  const update = row.mediaType === "movie" ? updateMovie : updateShow;
  await update(ctx, row.recordId ?? "", changes, idempotencyKey(backfillId, row, changes));
  return { status: "success", filled };
}

/** The same for the same changes over all attempts and workers, and after "Retry failed". */
function idempotencyKey(backfillId: string, row: ClaimedRow, changes: object): string {
  const version = createHash("sha256").update(JSON.stringify(changes)).digest("hex").slice(0, 12);
  return `backfill-${backfillId}-${row.rowNumber}-${version}`;
}

async function factsOf(ctx: FillContext, row: ClaimedRow, tmdbId: number): Promise<TitleFacts | null> {
  const imageUrl = imageUrls(ctx.config.TMDB_IMAGE_BASE_URL);
  const facts =
    row.mediaType === "movie"
      ? await getMovie(ctx, tmdbId).then(({ value }) => value && movieFacts(value, imageUrl))
      : await getSeries(ctx, tmdbId).then(({ value }) => value && seriesFacts(value, imageUrl));
  if (!facts?.imdbId || !row.lacks.includes("rating") || !isOn("omdb", ctx.config)) return facts;
  const { value } = await getByImdbId(ctx, facts.imdbId);
  return value
    ? { ...facts, ratings: [...omdbFacts(value, row.mediaType).ratings, ...facts.ratings] }
    : facts;
}
