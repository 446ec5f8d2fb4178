import { type Kysely, sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { METHOD_VERSION, type Score, scoreOf } from "#app/works/score.ts";

/** A work's score as it stands. */
export interface WorkScore {
  score: number;
  low: number;
  high: number;
  /** Of the formula that computed it (docs/score.md). */
  methodVersion: number;
  sources: Score["sources"];
  computedAt: Date;
}

/**
 * Computes the scores of works anew from their ratings, in the caller's transaction. The works stay locked until it ends:
 * two writers of different sources of one work wait for each other, and the second one sees both ratings.
 *
 * @param trx a transaction
 */
export async function rescoreWorks(trx: Kysely<Database>, workIds: readonly string[]): Promise<void> {
  if (workIds.length === 0) return;
  const ids = sql`${sql.val(workIds)}::bigint[]`;
  await sql`select from works where work_id = any (${ids}) order by work_id for no key update`.execute(trx);
  // A statement of its own: it must see what was committed while the one above waited.
  const ratings = await trx
    .selectFrom("rating_sources")
    .select(["work_id", "source_name as source", "value_0_100 as value", "votes_count as votes"])
    .where(sql<boolean>`work_id = any (${ids})`)
    .where("value_0_100", "is not", null)
    .execute();
  const byWork = Map.groupBy(ratings, (rating) => rating.work_id);
  const scores = [...byWork].flatMap(([workId, given]) => {
    const score = scoreOf(given.map(({ source, value, votes }) => ({ source, value: Number(value), votes })));
    return score ? [{ workId, ...score }] : [];
  });
  // What an earlier formula said goes: a rating that has changed since would make it untrue.
  await sql`
    with computed as (
      select * from json_to_recordset(${JSON.stringify(scores)}::json) as computed (
        "workId" bigint, score numeric, low numeric, high numeric, sources jsonb)
    ), gone as (
      delete from aggregates where work_id = any (${ids})
        and (method_version <> ${METHOD_VERSION} or work_id not in (select "workId" from computed))
    )
    insert into aggregates as standing (work_id, method_version, ai_score, ai_score_low, ai_score_high, source_scores)
    select "workId", ${METHOD_VERSION}::int, score, low, high, sources from computed order by "workId"
    on conflict (work_id, method_version) do update set ai_score = excluded.ai_score, ai_score_low = excluded.ai_score_low,
      ai_score_high = excluded.ai_score_high, source_scores = excluded.source_scores, computed_at = excluded.computed_at
      where standing.source_scores is distinct from excluded.source_scores`.execute(trx);
}

/** The score of a work by the newest formula that computed one; null when nobody has rated it. */
export async function findScore(db: Kysely<Database>, workId: string): Promise<WorkScore | null> {
  const { rows } = await sql<WorkScore>`
    select ai_score::float8 as score, ai_score_low::float8 as low, ai_score_high::float8 as high,
      method_version as "methodVersion", source_scores as sources, computed_at as "computedAt"
    from aggregates where work_id = ${workId}::bigint and ai_score is not null
    order by method_version desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Works per transaction, and transactions per sweep: what is left is found by the next sweep, here or on another worker. */
const BATCH = 200;
const BATCHES = 5;

/**
 * Computes the scores that an older formula left behind. Runs with every sweep; processes that do so at once share the works.
 *
 * @returns how many works were computed
 */
export async function sweepScores(db: Db): Promise<number> {
  let done = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const batchDone = await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ workId: string }>`
        select works.work_id as "workId" from aggregates
        join works on works.work_id = aggregates.work_id
        where aggregates.method_version < ${METHOD_VERSION}
        order by aggregates.method_version, works.work_id limit ${BATCH}
        for no key update of works skip locked`.execute(trx);
      // Locked since, but perhaps computed by somebody else in the moment before.
      const { rows: behind } = await sql<{ workId: string }>`
        select work_id as "workId" from aggregates where method_version < ${METHOD_VERSION}
          and work_id = any (${sql.val(rows.map((row) => row.workId))}::bigint[])`.execute(trx);
      await rescoreWorks(
        trx,
        behind.map((row) => row.workId),
      );
      return { found: rows.length, computed: behind.length };
    });
    done += batchDone.computed;
    if (batchDone.found < BATCH) break;
  }
  return done;
}
