import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { ratingVerdict, viewingVerdict, wishVerdict } from "#app/imports/undo/verdicts.server.ts";

/** What a batch did: entries removed (or gone already), and left. */
export interface BatchTally {
  removed: number;
  left: number;
}

interface Change {
  rowNumber: number;
  kind: "viewing" | "wish" | "rating";
}

/**
 * Takes back the next viewings, wishes and own ratings of an import, in one transaction. What cannot be taken back is left,
 * with its reason in the ledger.
 *
 * @param limit ledger entries at most
 * @returns null when none is left to do
 */
export async function removeRecords(
  trx: Transaction<Database>,
  jobId: string,
  limit: number,
): Promise<BatchTally | null> {
  const changes = await lockChanges(
    trx,
    sql`job_id = ${jobId}::uuid and kind in ('viewing', 'wish', 'rating') and undo_result is null
      order by row_number limit ${limit}`,
  );
  return changes.length === 0 ? null : removeChanges(trx, jobId, changes);
}

/** As `removeRecords`, for what these rows have made, whether or not their import is undone. */
export async function removeRecordsOfRows(
  trx: Transaction<Database>,
  jobId: string,
  rowNumbers: readonly number[],
): Promise<BatchTally> {
  const changes = await lockChanges(
    trx,
    sql`job_id = ${jobId}::uuid and kind in ('viewing', 'wish', 'rating') and undo_result is null
      and row_number = any(${rowNumbers}::int[]) order by row_number`,
  );
  return removeChanges(trx, jobId, changes);
}

async function removeChanges(
  trx: Transaction<Database>,
  jobId: string,
  changes: readonly Change[],
): Promise<BatchTally> {
  const rowsOf = (kind: Change["kind"]) =>
    changes.filter((change) => change.kind === kind).map(({ rowNumber }) => rowNumber);
  // Locked in one order for everybody, works first, as whoever writes viewings does.
  await sql`
    select from works where work_id in (
      select work_id from viewings where import_job_id = ${jobId}::uuid and row_number = any(${rowsOf("viewing")}::int[])
      union select work_id from wishes where import_job_id = ${jobId}::uuid and row_number = any(${rowsOf("wish")}::int[])
      union select work_id from own_ratings where import_job_id = ${jobId}::uuid and row_number = any(${rowsOf("rating")}::int[]))
    order by work_id for no key update`.execute(trx);
  const tallies = [
    await removeViewings(trx, jobId, rowsOf("viewing")),
    await removeWishes(trx, jobId, rowsOf("wish")),
  ];
  // One by one: of two ratings of the same thing the later entry depends on what became of the earlier one.
  for (const rowNumber of rowsOf("rating")) tallies.push(await takeBackRating(trx, jobId, rowNumber));
  return {
    removed: tallies.reduce((sum, { removed }) => sum + removed, 0),
    left: tallies.reduce((sum, { left }) => sum + left, 0),
  };
}

async function lockChanges(trx: Kysely<Database>, which: RawBuilder<unknown>): Promise<Change[]> {
  const { rows } = await sql<Change>`
    select row_number as "rowNumber", kind from import_changes where ${which} for update`.execute(trx);
  return rows;
}

/** Ends a statement whose `judged (row_number, verdict)` says what became of each entry of a kind. */
const settleJudged = (jobId: string, kind: string) => sql`
  update import_changes set undo_reason = judged.verdict,
    undo_result = case when judged.verdict is null then 'removed' when judged.verdict in ('GONE', 'REPLACED') then 'gone' else 'left' end
  from judged where job_id = ${jobId}::uuid and import_changes.row_number = judged.row_number and kind = ${kind}
  returning undo_result as result`;

const tallyOf = (rows: { result: string }[]): BatchTally => {
  const left = rows.filter(({ result }) => result === "left").length;
  return { removed: rows.length - left, left };
};

async function removeViewings(
  trx: Kysely<Database>,
  jobId: string,
  rowNumbers: number[],
): Promise<BatchTally> {
  if (rowNumbers.length === 0) return { removed: 0, left: 0 };
  // Whoever has just been told that one of these stands holds it until he has said so; the next statement sees his row.
  await sql`
    select from viewings where import_job_id = ${jobId}::uuid and row_number = any(${rowNumbers}::int[])
    order by id for update`.execute(trx);
  const { rows } = await sql<{ result: string; workId: string | null }>`
    with judged as materialized (
      select change.row_number, viewing.id, viewing.work_id, ${viewingVerdict} as verdict
      from import_changes as change left join viewings as viewing on viewing.id = change.record_id::bigint
      where change.job_id = ${jobId}::uuid and change.kind = 'viewing' and change.row_number = any(${rowNumbers}::int[])
    ), removed as (
      delete from viewings using judged where viewings.id = judged.id and judged.verdict is null
    )
    ${settleJudged(jobId, "viewing")}, judged.work_id as "workId"`.execute(trx);
  const workIds = [...new Set(rows.flatMap(({ workId }) => workId ?? []))];
  await sql`
    update works set last_viewed_on = (select max(viewed_on) from viewings where viewings.work_id = works.work_id)
    where work_id = any(${workIds}::bigint[])`.execute(trx);
  return tallyOf(rows);
}

async function removeWishes(trx: Kysely<Database>, jobId: string, rowNumbers: number[]): Promise<BatchTally> {
  if (rowNumbers.length === 0) return { removed: 0, left: 0 };
  const { rows } = await sql<{ result: string }>`
    with judged as materialized (
      select change.row_number, wish.work_id, ${wishVerdict} as verdict
      from import_changes as change left join wishes as wish on wish.work_id = change.record_id::bigint
      where change.job_id = ${jobId}::uuid and change.kind = 'wish' and change.row_number = any(${rowNumbers}::int[])
    ), removed as (
      delete from wishes using judged where wishes.work_id = judged.work_id and judged.verdict is null
    )
    ${settleJudged(jobId, "wish")}`.execute(trx);
  return tallyOf(rows);
}

/** The rating goes, or the one that it replaced comes back. Where another has replaced it since, that one now stands in for it. */
async function takeBackRating(trx: Kysely<Database>, jobId: string, rowNumber: number): Promise<BatchTally> {
  const { rows } = await sql<{ result: string; reason: string | null }>`
    with judged as materialized (
      select change.row_number, rating.id, change.before, ${ratingVerdict} as verdict
      from import_changes as change left join own_ratings as rating on rating.id = change.record_id::bigint
      where change.job_id = ${jobId}::uuid and change.kind = 'rating' and change.row_number = ${rowNumber}
    ), removed as (
      delete from own_ratings using judged
      where own_ratings.id = judged.id and judged.verdict is null and judged.before is null
    ), restored as (
      update own_ratings set rating = (before->>'rating')::numeric, rated_on = (before->>'ratedOn')::date,
        import_job_id = (before->>'importJobId')::uuid, row_number = (before->>'rowNumber')::int, updated_at = clock_timestamp()
      from judged where own_ratings.id = judged.id and judged.verdict is null and judged.before is not null
    )
    ${settleJudged(jobId, "rating")}, undo_reason as reason`.execute(trx);
  if (rows[0]?.reason === "REPLACED") await leaveOutOfLine(trx, jobId, rowNumber);
  return tallyOf(rows);
}

/**
 * Takes a rating out of the line of those that replaced one another: whichever came after it now replaces what it had replaced.
 * Walked from the rating that stands, over the keys of the entries.
 */
async function leaveOutOfLine(trx: Kysely<Database>, jobId: string, rowNumber: number): Promise<void> {
  await sql`
    with recursive mine as (
      select record_id, before from import_changes
      where job_id = ${jobId}::uuid and row_number = ${rowNumber} and kind = 'rating'
    ), line as (
      select change.job_id, change.row_number, change.before from mine
      join own_ratings as rating on rating.id = mine.record_id::bigint
      join import_changes as change on change.job_id = rating.import_job_id and change.row_number = rating.row_number
        and change.kind = 'rating'
      union
      select change.job_id, change.row_number, change.before from line
      join import_changes as change on change.job_id = (line.before->>'importJobId')::uuid
        and change.row_number = (line.before->>'rowNumber')::int and change.kind = 'rating'
    )
    update import_changes as next set before = mine.before
    from mine, line
    where next.job_id = line.job_id and next.row_number = line.row_number and next.kind = 'rating'
      and line.before->>'importJobId' = ${jobId} and line.before->>'rowNumber' = ${rowNumber}::text`.execute(
    trx,
  );
}
