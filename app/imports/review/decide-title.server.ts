import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { AskedTitle, DecidedTitle, Pick } from "#app/imports/review/decided-title.ts";
import { sendRound } from "#app/imports/review/send-round.server.ts";
import { readOutcome } from "#app/imports/row-outcome.ts";
import { refuseUndone } from "#app/imports/undo/request-undo.server.ts";

export interface Decision {
  reviewId: string;
  /** Rows that are processed again. */
  rows: number;
  /** Imports that they stand in. */
  imports: number;
}

/**
 * Settles a doubtful title: the decision becomes an alias, used ever after (M-03), and every row that waits for it, in
 * whichever import, is processed again.
 *
 * @param key of the rows that wait: `requestKey`
 * @param pick null: none of the candidates; the rows fail with that as their reason, and the title is not looked up again
 * @param decidedBy the operator's name, for the alias
 * @throws AppError TITLE_DECIDED (409): somebody else has decided meanwhile
 */
export async function decideTitle(
  trx: Transaction<Database>,
  key: string,
  pick: Pick | null,
  decidedBy: string,
): Promise<Decision> {
  const waiting = await findWaiting(trx, key);
  if (!waiting) throw await decidedMeanwhile(trx, key);
  const reviewId = await writeReview(trx, key, waiting, pick, decidedBy);
  // Two decisions on one title wait here for one another.
  await writeAlias(trx, key, reviewId, pick, decidedBy);
  const moved = await sendRound(trx, key);
  // Somebody else's decision was under way and has settled them: theirs stands, and this one's alias goes with the transaction.
  if (moved.rows === 0) throw await decidedMeanwhile(trx, key);
  await trx
    .updateTable("match_reviews")
    .set({ row_count: moved.rows, import_count: moved.imports })
    .where("id", "=", reviewId)
    .execute();
  return { reviewId, ...moved };
}

/**
 * As `decideTitle`, for the title of one row.
 *
 * @returns how many rows were settled
 * @throws AppError ROW_NOT_IN_REVIEW, IMPORT_UNDONE (409)
 */
export async function pickCandidate(
  trx: Transaction<Database>,
  jobId: string,
  rowNumber: number,
  pick: Pick | null,
  decidedBy: string,
): Promise<number> {
  const row = await trx
    .selectFrom("import_rows")
    .innerJoin("import_jobs", "import_jobs.id", "import_rows.job_id")
    .select(["decision_key", "undo_status"])
    .where("job_id", "=", jobId)
    .where("row_number", "=", rowNumber)
    .where("import_rows.status", "=", "review")
    .executeTakeFirst();
  if (!row?.decision_key) throw notInReview();
  refuseUndone(row.undo_status);
  try {
    return (await decideTitle(trx, row.decision_key, pick, decidedBy)).rows;
  } catch (error) {
    throw error instanceof AppError && error.code === "TITLE_DECIDED" ? notInReview() : error;
  }
}

const notInReview = () =>
  new AppError(
    "ROW_NOT_IN_REVIEW",
    409,
    "This row does not wait for a decision any more: somebody has decided it, or it was processed again meanwhile.",
  );

interface Waiting {
  title: string;
  yearHint: number | null;
  kind: "movie" | "tv" | null;
  asked: AskedTitle;
}

async function findWaiting(trx: Transaction<Database>, key: string): Promise<Waiting | undefined> {
  const { rows } = await sql<Waiting>`
    select coalesce(normalized_payload->>'title', ${key}) as title, (normalized_payload->>'yearHint')::int as "yearHint",
      normalized_payload->>'kind' as kind, coalesce(outcome, '{}') as asked
    from import_rows where status = 'review' and decision_key = ${key}
      and not exists (select from import_jobs where id = import_rows.job_id and undo_status is not null)
    order by job_id limit 1`.execute(trx);
  return rows[0];
}

async function decidedMeanwhile(trx: Transaction<Database>, key: string): Promise<AppError> {
  const last = await trx
    .selectFrom("match_reviews")
    .select(["decided_by", "title", "media_type", "found"])
    .where("decision_key", "=", key)
    .where("taken_back_at", "is", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const who = last
    ? `${last.decided_by} has decided it${last.found ? ` to be ${last.found.title}${last.found.year ? ` (${last.found.year})` : ""}` : last.media_type ? "" : " to be none of the titles found"}.`
    : "Its rows were processed again meanwhile.";
  return new AppError(
    "TITLE_DECIDED",
    409,
    `This title does not wait for a decision any more. ${who} Nothing was changed; go on with the next.`,
  );
}

async function writeReview(
  trx: Transaction<Database>,
  key: string,
  waiting: Waiting,
  pick: Pick | null,
  decidedBy: string,
): Promise<string> {
  const { id } = await trx
    .insertInto("match_reviews")
    .values({
      decision_key: key,
      title: waiting.title,
      year_hint: waiting.yearHint,
      kind: waiting.kind,
      media_type: pick?.mediaType ?? null,
      tmdb_id: pick?.tmdbId ?? null,
      found: pick ? foundJson(pick, waiting.asked) : null,
      row_count: 0,
      import_count: 0,
      asked: JSON.stringify(waiting.asked),
      decided_by: decidedBy,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** What the pick is called: by its look-up, else by the candidate that it is. */
function foundJson(pick: Pick, asked: AskedTitle): string | null {
  const candidates = readOutcome(asked).match?.candidates ?? [];
  const candidate = candidates.find(
    ({ mediaType, tmdbId }) => mediaType === pick.mediaType && tmdbId === pick.tmdbId,
  );
  const known = pick.found ?? candidate;
  if (!known) return null;
  const found: DecidedTitle = { title: known.title, year: known.year, posterPath: known.posterPath };
  return JSON.stringify(found);
}

async function writeAlias(
  trx: Transaction<Database>,
  key: string,
  reviewId: string,
  pick: Pick | null,
  decidedBy: string,
): Promise<void> {
  const values = {
    media_type: pick?.mediaType ?? null,
    tmdb_id: pick?.tmdbId ?? null,
    decided_by: decidedBy,
    decided_at: sql<Date>`clock_timestamp()`,
    review_id: reviewId,
    used_count: 0,
    last_used_at: null,
  };
  await trx
    .insertInto("title_aliases")
    .values({ title_key: key, ...values })
    .onConflict((conflict) => conflict.column("title_key").doUpdateSet(values))
    .execute();
}
