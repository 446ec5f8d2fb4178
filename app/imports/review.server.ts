import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { addEvent } from "#app/imports/events.server.ts";
import type { JobStatus } from "#app/imports/status.ts";
import { requestKey } from "#app/matching/resolution.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";

/** The title that an operator says is meant. */
export interface Pick {
  mediaType: "movie" | "tv";
  tmdbId: number;
}

/**
 * Settles a doubtful title: the decision becomes an alias, used ever after (M-03), and every row that waits for it, in
 * whichever import, is processed again.
 *
 * @param pick null: none of the candidates; the rows fail with that as their reason, and the title is not looked up again
 * @param decidedBy the operator's name, for the alias
 * @returns how many rows were settled
 * @throws AppError ROW_NOT_IN_REVIEW (409): somebody else has decided meanwhile
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
    .select(["title_key", "normalized_payload"])
    .where("job_id", "=", jobId)
    .where("row_number", "=", rowNumber)
    .where("status", "=", "review")
    .executeTakeFirst();
  if (!row?.title_key || !row.normalized_payload) throw notInReview();
  const { ids, kind } = row.normalized_payload;
  await decide(trx, requestKey(row.title_key, ids, kind), pick, decidedBy);
  const settled = await sendRound(trx, row.title_key, JSON.stringify(ids));
  // Somebody else's decision was under way and has settled them: theirs stands, and this one's alias goes with the transaction.
  if (settled === 0) throw notInReview();
  return settled;
}

const notInReview = () =>
  new AppError(
    "ROW_NOT_IN_REVIEW",
    409,
    "This row does not wait for a decision any more: somebody has decided it, or it was processed again meanwhile.",
  );

async function decide(
  trx: Transaction<Database>,
  key: string,
  pick: Pick | null,
  decidedBy: string,
): Promise<void> {
  const values = {
    media_type: pick?.mediaType ?? null,
    tmdb_id: pick?.tmdbId ?? null,
    decided_by: decidedBy,
    decided_at: sql<Date>`clock_timestamp()`,
  };
  await trx
    .insertInto("title_aliases")
    .values({ title_key: key, ...values })
    .onConflict((conflict) => conflict.column("title_key").doUpdateSet(values))
    .execute();
}

/** Jobs are locked in one order, before their rows, as everybody does who moves counters. */
async function sendRound(trx: Transaction<Database>, titleKey: string, ids: string): Promise<number> {
  const { rows: jobs } = await sql<{ id: string; status: JobStatus }>`
    select id, status from import_jobs
    where id in (select job_id from import_rows where status = 'review' and title_key = ${titleKey} and normalized_payload->'ids' = ${ids}::jsonb)
    order by id for no key update`.execute(trx);
  let settled = 0;
  for (const { id, status } of jobs) {
    // A cancelled import is not set going by a decision that somebody makes elsewhere: its rows wait until it goes on.
    const isCancelled = status === "cancelled";
    const { numUpdatedRows } = await trx
      .updateTable("import_rows")
      .set({
        status: "pending",
        error_code: null,
        error_message: null,
        attempt_count: 0,
        updated_at: sql`clock_timestamp()`,
      })
      .where("job_id", "=", id)
      .where("status", "=", "review")
      .where("title_key", "=", titleKey)
      .where(sql<boolean>`normalized_payload->'ids' = ${ids}::jsonb`)
      .executeTakeFirst();
    const count = Number(numUpdatedRows);
    if (count === 0) continue;
    settled += count;
    await trx
      .updateTable("import_jobs")
      .set({
        status: isCancelled || status === "processing" ? status : "queued",
        review_rows: sql`review_rows - ${count}`,
        processed_rows: sql`processed_rows - ${count}`,
        ...(isCancelled ? {} : { completed_at: null }),
        updated_at: sql`clock_timestamp()`,
      })
      .where("id", "=", id)
      .execute();
    await addEvent(trx, id, "decided", `${count} rows were decided by an operator.`, { rows: count });
    if (!isCancelled) await enqueue(trx, "process_import", { importJobId: id });
  }
  return settled;
}
