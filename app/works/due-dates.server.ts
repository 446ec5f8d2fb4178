import { type Kysely, sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { readRules } from "#app/works/refresh-rules.ts";
import { SCHEMA_VERSION } from "#app/works/schema-version.ts";
import { type DueFacts, dueOf, type RefreshResult } from "#app/works/staleness.ts";

interface FactsRow extends DueFacts {
  workId: string;
  rules: unknown;
}

async function readFacts(trx: Kysely<Database>, workIds: readonly string[]): Promise<FactsRow[]> {
  const { rows } = await sql<FactsRow>`
    select works.work_id as "workId", works.tmdb_id as "tmdbId", works.release_date as "releaseDate",
      works.created_at as "createdAt", works.last_refreshed_at as "lastRefreshedAt", works.changed_at as "changedAt",
      works.refresh_attempted_at as "attemptedAt", works.last_refresh_result as "lastResult",
      works.refresh_failures as failures, works_meta.schema_version as "schemaVersion",
      (select rules from refresh_rules order by id desc limit 1) as rules
    from works left join works_meta using (work_id)
    where work_id = any(${sql.val(workIds)}::bigint[])
    order by work_id`.execute(trx);
  return rows;
}

/**
 * Writes down when these works are due. Call it in the transaction that changed what decides that.
 *
 * @returns how many due dates are others now
 */
export async function writeDueDates(trx: Kysely<Database>, workIds: readonly string[]): Promise<number> {
  if (workIds.length === 0) return 0;
  const rows = await readFacts(trx, workIds);
  const rules = readRules(rows[0]?.rules);
  const dues = rows.map((row) => ({
    id: row.workId,
    ...dueOf(row, rules),
    refreshed: row.lastRefreshedAt,
    failures: row.failures,
  }));
  // Whoever changed a work between our reading and our writing has written its due date himself.
  const { numAffectedRows } = await sql`
    update works set due_at = due."dueAt", due_reason = due.reason
    from json_to_recordset(${JSON.stringify(dues)}::json)
      as due (id bigint, "dueAt" timestamptz, reason text, refreshed timestamptz, failures int)
    where works.work_id = due.id
      and date_trunc('milliseconds', works.last_refreshed_at) is not distinct from due.refreshed
      and works.refresh_failures = due.failures
      and (works.due_at is distinct from due."dueAt" or works.due_reason is distinct from due.reason)`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}

/**
 * A work was stored: writes down when it is due next; with its details, that its refresh went well too. Two statements, since
 * imports store works by the thousand.
 *
 * @param withDetails false when only the title was stored
 */
export async function noteStored(trx: Kysely<Database>, workId: string, withDetails: boolean): Promise<void> {
  const [facts] = await readFacts(trx, [workId]);
  if (!facts) return;
  const refreshed = withDetails ? { failures: 0, lastResult: "stored" as const } : {};
  const due = dueOf({ ...facts, ...refreshed }, readRules(facts.rules));
  await trx
    .updateTable("works")
    .set({
      due_at: due.dueAt,
      due_reason: due.reason,
      ...(withDetails && {
        last_refresh_result: "stored",
        last_refresh_error: null,
        refresh_failures: 0,
        refresh_attempted_at: sql`clock_timestamp()`,
      }),
    })
    .where("work_id", "=", workId)
    .execute();
}

/** A refresh brought nothing: keeps why, and puts the next one off. */
export async function noteRefreshFailure(
  trx: Kysely<Database>,
  workId: string,
  result: Exclude<RefreshResult, "stored">,
  message: string,
): Promise<void> {
  await trx
    .updateTable("works")
    .set({
      last_refresh_result: result,
      last_refresh_error: message,
      refresh_failures: sql`refresh_failures + 1`,
      refresh_attempted_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("work_id", "=", workId)
    .execute();
  await writeDueDates(trx, [workId]);
}

const WALK = "due_dates";
const BATCH = 1_000;

/**
 * Computes the due dates of all works anew when the rules, or what this version stores, have changed since the last time; and of
 * works from before there were due dates. In batches, each a transaction: a killed one is gone on with. Costs one small read
 * when there is nothing to do.
 *
 * @param maxBatches of 1,000 works
 * @returns whether every work has the due date of today's rules
 * @throws the signal's reason
 */
export async function recomputeDueDates(db: Db, maxBatches = 100, signal?: AbortSignal): Promise<boolean> {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    signal?.throwIfAborted();
    const step = await db.transaction().execute((trx) => recomputeBatch(trx));
    if (step !== "more") return step === "done";
  }
  return false;
}

async function recomputeBatch(trx: Kysely<Database>): Promise<"done" | "more" | "busy"> {
  const { rows } = await sql<{ stamp: string; cursor: string | null; mine: boolean }>`
    select coalesce((select max(id) from refresh_rules), 0) || '.' || ${SCHEMA_VERSION}::int as stamp,
      (select last_sync_cursor from sync_state where sync_type = ${WALK}) as cursor,
      pg_try_advisory_xact_lock(hashtext(${WALK})) as mine`.execute(trx);
  const { stamp = "", cursor = null, mine = false } = rows[0] ?? {};
  const [walked, position = "0"] = cursor?.split(":") ?? [];
  if (walked === stamp && position === "done") return "done";
  if (!mine) return "busy";
  const works = await trx
    .selectFrom("works")
    .select("work_id")
    .where("work_id", ">", walked === stamp ? position : "0")
    .orderBy("work_id")
    .limit(BATCH)
    .execute();
  await writeDueDates(
    trx,
    works.map((work) => work.work_id),
  );
  const last = works.at(-1)?.work_id;
  const next = `${stamp}:${last ?? "done"}`;
  await trx
    .insertInto("sync_state")
    .values({ sync_type: WALK, last_sync_at: sql<Date>`clock_timestamp()`, last_sync_cursor: next })
    .onConflict((conflict) =>
      conflict.column("sync_type").doUpdateSet({
        last_sync_at: sql<Date>`clock_timestamp()`,
        last_sync_cursor: next,
        sync_count: sql`sync_state.sync_count + ${last ? 0 : 1}`,
        updated_at: sql<Date>`clock_timestamp()`,
      }),
    )
    .execute();
  return last ? "more" : "done";
}
