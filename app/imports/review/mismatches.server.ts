import { type Kysely, sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { AskedTitle, DecidedTitle } from "#app/imports/review/decided-title.ts";
import type { Difference } from "#app/imports/review/mismatch.ts";
import { rememberedQuestion } from "#app/imports/review/remembered-question.server.ts";
import { type Reopened, reopenRows } from "#app/imports/review/reopen-rows.server.ts";

/** Rows that the list is added up from, as for doubtful titles. */
export const MOST_MISMATCHED_ROWS = 100_000;

/** A title that was accepted by itself although it is not called what the rows say, or is from another year. */
export interface Mismatch {
  key: string;
  title: string;
  yearHint: number | null;
  kind: "movie" | "tv" | null;
  mediaType: "movie" | "tv";
  tmdbId: number;
  foundTitle: string | null;
  foundYear: number | null;
  differs: Difference[];
  strategy: string;
  score: number;
  rows: number;
  /** One of the rows. */
  jobId: string;
  fileName: string;
  rowNumber: number;
  lineNumber: number;
  workId: string | null;
}

export interface MismatchCursor {
  rows: number;
  key: string;
}

/** Mismatches (M-05), those of most rows first. Dry runs have written nothing that could be wrong, and are left out. */
export async function listMismatches(
  db: Kysely<Database>,
  page: { limit: number; cursor: MismatchCursor | null },
): Promise<{ mismatches: Mismatch[]; total: number; isBounded: boolean; next: MismatchCursor | null }> {
  const { limit, cursor } = page;
  const after = cursor
    ? sql`where rows < ${cursor.rows} or (rows = ${cursor.rows} and key > ${cursor.key})`
    : sql``;
  const { rows } = await sql<Mismatch & { total: number; read: number }>`
    with accepted as (
      select mismatch_key, job_id from import_rows where mismatch_key is not null
      order by mismatch_key, job_id limit ${MOST_MISMATCHED_ROWS + 1}
    ), in_jobs as (
      select mismatch_key as key, job_id, count(*)::int as rows from accepted group by mismatch_key, job_id
    ), titles as (
      select key, sum(in_jobs.rows)::int as rows
      from in_jobs join import_jobs as jobs on jobs.id = in_jobs.job_id
      where not jobs.dry_run and jobs.undo_status is null
      group by key
    ), totals as (
      select (select count(*) from titles)::int as total, (select count(*) from accepted)::int as read
    ), page as (
      select * from titles ${after} order by rows desc, key limit ${limit + 1}
    )
    select page.*, totals.*, one.*
    from totals left join page on true left join lateral (
      select coalesce(normalized_payload->>'title', page.key) as title, (normalized_payload->>'yearHint')::int as "yearHint",
        normalized_payload->>'kind' as kind, outcome->'match'->>'mediaType' as "mediaType",
        (outcome->'match'->>'tmdbId')::int as "tmdbId", outcome->'match'->>'title' as "foundTitle",
        (outcome->'match'->>'year')::int as "foundYear", outcome->'match'->'differs' as differs,
        outcome->'match'->>'strategy' as strategy, (outcome->'match'->>'score')::float8 as score,
        rows.job_id as "jobId", jobs.file_name as "fileName", rows.row_number as "rowNumber",
        rows.line_number as "lineNumber", rows.work_id as "workId"
      from import_rows as rows join import_jobs as jobs on jobs.id = rows.job_id
      where rows.mismatch_key = page.key and not jobs.dry_run and jobs.undo_status is null
      order by rows.job_id limit 1
    ) as one on true
    order by page.rows desc, page.key`.execute(db);
  const found = rows.filter(({ key }) => key !== null);
  const mismatches = found.slice(0, limit).map(({ total, read, ...mismatch }) => mismatch);
  const last = found.length > limit ? mismatches.at(-1) : undefined;
  return {
    mismatches,
    total: rows[0]?.total ?? 0,
    isBounded: (rows[0]?.read ?? 0) > MOST_MISMATCHED_ROWS,
    next: last ? { rows: last.rows, key: last.key } : null,
  };
}

interface Accepted {
  title: string;
  yearHint: number | null;
  kind: "movie" | "tv" | null;
  mediaType: "movie" | "tv";
  tmdbId: number;
  foundTitle: string | null;
  foundYear: number | null;
  match: Record<string, unknown>;
}

/**
 * An operator says that a mismatch is right: it becomes an alias, and is not listed again.
 *
 * @returns how many rows it has settled
 * @throws AppError NO_MISMATCH (409): somebody has decided it meanwhile
 */
export async function acceptMismatch(
  trx: Transaction<Database>,
  key: string,
  operator: string,
): Promise<number> {
  const accepted = await findAccepted(trx, key);
  const rows = await claimRows(trx, key);
  const found: DecidedTitle = {
    title: accepted.foundTitle ?? accepted.title,
    year: accepted.foundYear,
    posterPath: null,
  };
  const { id } = await trx
    .insertInto("match_reviews")
    .values({
      decision_key: key,
      title: accepted.title,
      year_hint: accepted.yearHint,
      kind: accepted.kind,
      media_type: accepted.mediaType,
      tmdb_id: accepted.tmdbId,
      found: JSON.stringify(found),
      row_count: rows.rows,
      import_count: rows.imports,
      asked: JSON.stringify(await questionOf(trx, key, accepted)),
      decided_by: operator,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const alias = {
    media_type: accepted.mediaType,
    tmdb_id: accepted.tmdbId,
    decided_by: operator,
    review_id: id,
  };
  await trx
    .insertInto("title_aliases")
    .values({ title_key: key, ...alias })
    .onConflict((conflict) =>
      conflict.column("title_key").doUpdateSet({
        ...alias,
        decided_at: sql<Date>`clock_timestamp()`,
        used_count: 0,
        last_used_at: null,
      }),
    )
    .execute();
  return rows.rows;
}

/**
 * An operator says that a mismatch is wrong: its rows wait for a decision, and what they have written is taken back as when a
 * decision is (decision 21).
 *
 * @throws AppError NO_MISMATCH (409)
 */
export async function reopenMismatch(trx: Transaction<Database>, key: string): Promise<Reopened> {
  const accepted = await findAccepted(trx, key);
  const asked = await questionOf(trx, key, accepted);
  await claimRows(trx, key);
  return reopenRows(trx, key, asked);
}

async function findAccepted(trx: Transaction<Database>, key: string): Promise<Accepted> {
  const { rows } = await sql<Accepted>`
    select coalesce(normalized_payload->>'title', ${key}) as title, (normalized_payload->>'yearHint')::int as "yearHint",
      normalized_payload->>'kind' as kind, outcome->'match'->>'mediaType' as "mediaType",
      (outcome->'match'->>'tmdbId')::int as "tmdbId", outcome->'match'->>'title' as "foundTitle",
      (outcome->'match'->>'year')::int as "foundYear", outcome->'match' as match
    from import_rows where mismatch_key = ${key} order by job_id limit 1`.execute(trx);
  const [accepted] = rows;
  if (!accepted)
    throw new AppError(
      "NO_MISMATCH",
      409,
      "This title is not in the list any more: somebody has decided it. Reload the page.",
    );
  return accepted;
}

/** From now on an operator's decision stands behind these rows. Jobs first, as everybody does who moves their rows. */
async function claimRows(
  trx: Transaction<Database>,
  key: string,
): Promise<{ rows: number; imports: number }> {
  await sql`
    select id from import_jobs where id in (select job_id from import_rows where mismatch_key = ${key})
    order by id for no key update`.execute(trx);
  const { rows } = await sql<{ rows: number; imports: number }>`
    with claimed as (
      update import_rows set decision_key = mismatch_key, mismatch_key = null where mismatch_key = ${key}
      returning job_id
    )
    select count(*)::int as rows, count(distinct job_id)::int as imports from claimed`.execute(trx);
  return rows[0] ?? { rows: 0, imports: 0 };
}

async function questionOf(
  trx: Transaction<Database>,
  key: string,
  { match, mediaType, tmdbId, foundTitle, foundYear, title }: Accepted,
): Promise<AskedTitle> {
  const text =
    "This title was accepted by itself although its name or year is not the row's. Pick the one that was meant, or enter its id.";
  const remembered = await rememberedQuestion(trx, key);
  const only = { mediaType, tmdbId, title: foundTitle ?? title, year: foundYear, score: match.score };
  const candidates = remembered?.candidates ?? [only];
  return {
    match: { score: match.score, strategy: match.strategy, reason: { code: "mismatch", text }, candidates },
  };
}
