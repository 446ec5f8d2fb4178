import { sql } from "kysely";
import { isUniqueViolation } from "#app/accounts/unique-violation.server.ts";
import { readFilled } from "#app/discovery/backfill/choose-works.server.ts";
import { fieldList } from "#app/discovery/backfill/fields.ts";
import type { FillContext } from "#app/discovery/backfill/find-title.server.ts";
import { findTitle } from "#app/discovery/backfill/find-title.server.ts";
import type { ClaimedRow, RowOutcome } from "#app/discovery/backfill/rows.server.ts";
import { getByImdbId } from "#app/upstreams/omdb/client.server.ts";
import { isOn } from "#app/upstreams/services.ts";
import { omdbFacts } from "#app/works/omdb-facts.ts";
import { refreshWork } from "#app/works/refresh-work.server.ts";
import { storeWork } from "#app/works/works.server.ts";

/**
 * Fills what a work of the built-in catalogue lacks, from TMDB and, for ratings, OMDb. What it has is kept up to date by the
 * same call, as by any refresh.
 *
 * @throws BudgetWait · UpstreamPaused · UpstreamError
 */
export async function fillWork(ctx: FillContext, row: ClaimedRow): Promise<RowOutcome> {
  const work = await readWork(ctx, row.workId);
  if (!work)
    return {
      status: "skipped",
      code: "WORK_GONE",
      message: "The work is not in the catalogue any more, so there is nothing to fill.",
    };
  if (work.tmdbId === null) {
    const refused = await identify(ctx, row, work);
    if (refused) return refused;
  }
  const refreshed = await refreshWork({ ...ctx, fresh: work.hasMeta }, work.workId);
  await addRatings(ctx, row, work.workId);
  const filled = await readFilled(ctx.db, work.workId, row.lacks);
  if (Object.keys(filled).length > 0) return { status: "success", filled };
  if (refreshed?.note) return { status: "failed", code: "NOT_REFRESHED", message: refreshed.note };
  return {
    status: "skipped",
    code: "NOTHING_KNOWN",
    message: `Nobody who could be asked knows its ${fieldList(row.lacks)} either.`,
  };
}

interface StoredWork {
  workId: string;
  mediaType: "movie" | "tv";
  tmdbId: number | null;
  imdbId: string | null;
  title: string;
  hasMeta: boolean;
}

async function readWork(ctx: FillContext, workId: string | null): Promise<StoredWork | undefined> {
  if (workId === null) return undefined;
  const { rows } = await sql<StoredWork>`
    select work_id as "workId", media_type as "mediaType", tmdb_id as "tmdbId", imdb_id as "imdbId", title,
      exists (select from works_meta where works_meta.work_id = works.work_id) as "hasMeta"
    from works where work_id = ${workId}::bigint`.execute(ctx.db);
  return rows[0];
}

/** Finds out which title at TMDB a work is, and says so on the work. @returns why not, or null when it is done or need not be */
async function identify(ctx: FillContext, row: ClaimedRow, work: StoredWork): Promise<RowOutcome | null> {
  const found = await findTitle(ctx, { ...row, tmdbId: work.tmdbId, imdbId: work.imdbId });
  if (!("tmdbId" in found)) {
    // OMDb may know a film by its IMDb id all the same.
    return work.imdbId !== null && found.code === "NO_TITLE_FOUND" ? null : found;
  }
  try {
    await sql`update works set tmdb_id = ${found.tmdbId}, updated_at = clock_timestamp()
      where work_id = ${work.workId}::bigint and tmdb_id is null`.execute(ctx.db);
    return null;
  } catch (error) {
    if (!isUniqueViolation(error, "works_media_type_tmdb_id_key")) throw error;
    return {
      status: "failed",
      code: "ANOTHER_WORK_HAS_IT",
      message: `The title is TMDB's ${found.tmdbId}, which another work of the catalogue is already. Look at both; one of them is too many.`,
    };
  }
}

/** OMDb's ratings, where a rating is wanted and TMDB has none. Its daily budget is small, so it is not asked otherwise. */
async function addRatings(ctx: FillContext, row: ClaimedRow, workId: string): Promise<void> {
  if (!row.lacks.includes("rating") || !isOn("omdb", ctx.config)) return;
  const work = await readWork(ctx, workId);
  const { rating } = await readFilled(ctx.db, workId, ["rating"]);
  if (!work?.imdbId || rating !== undefined) return;
  const { value } = await getByImdbId(ctx, work.imdbId);
  if (!value) return;
  const facts = omdbFacts(value, work.mediaType);
  await ctx.db
    .transaction()
    .execute((trx) => storeWork(trx, { ...facts, tmdbId: work.tmdbId, title: work.title, meta: null }));
}
