import { type Kysely, sql, type Transaction } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { flagLabel, flagOf, type PauseTarget } from "#app/queue/job-flags.ts";

/** Somebody has said that jobs with this flag are not to be begun. */
export interface Pause {
  id: string;
  flag: string;
  reason: string;
  pausedBy: string;
  pausedAt: Date;
  /** Null while it holds. */
  resumedBy: string | null;
  resumedAt: Date | null;
}

const columns = [
  "id",
  "flag",
  "reason",
  "paused_by as pausedBy",
  "paused_at as pausedAt",
  "resumed_by as resumedBy",
  "resumed_at as resumedAt",
] as const;

/** A reason is a line, not a page. */
export const LONGEST_REASON = 300;

/**
 * Pauses a task, an upstream or an import: no worker begins a job of it from within a second on. Jobs that run end as they
 * would, and what is paused uses up no attempts.
 *
 * @param by who, as people know them
 * @throws AppError NO_REASON · REASON_TOO_LONG (422) · ALREADY_PAUSED (409), naming who was first
 */
export async function pause(
  trx: Transaction<Database>,
  { target, reason, by }: { target: PauseTarget; reason: string; by: string },
): Promise<Pause> {
  const flag = flagOf(target);
  const because = reason.trim();
  if (because === "")
    throw new AppError("NO_REASON", 422, "Say why: whoever finds it paused needs to know when to resume.");
  if (because.length > LONGEST_REASON)
    throw new AppError("REASON_TOO_LONG", 422, `Say it in ${LONGEST_REASON} characters at most.`);
  const paused = await trx
    .insertInto("queue_pauses")
    .values({ flag, reason: because, paused_by: by })
    .onConflict((on) => on.column("flag").where("resumed_at", "is", null).doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (paused) return paused;
  const [first] = await findPauses(trx, [flag]);
  throw new AppError(
    "ALREADY_PAUSED",
    409,
    first
      ? `${capitalised(flagLabel(flag))} is paused already, by ${first.pausedBy}: ${first.reason}`
      : "It was paused and resumed by somebody else at this very moment. Look again.",
  );
}

/**
 * Ends a pause. Jobs that it held come to the workers again within seconds.
 *
 * @throws AppError NOT_PAUSED (409), naming who resumed it meanwhile
 */
export async function resume(
  trx: Transaction<Database>,
  { pauseId, by }: { pauseId: string; by: string },
): Promise<Pause> {
  const resumed = await trx
    .updateTable("queue_pauses")
    .set({ resumed_at: sql`clock_timestamp()`, resumed_by: by })
    .where("id", "=", pauseId)
    .where("resumed_at", "is", null)
    .returning(columns)
    .executeTakeFirst();
  if (resumed) return resumed;
  const ended = await trx
    .selectFrom("queue_pauses")
    .select(columns)
    .where("id", "=", pauseId)
    .executeTakeFirst();
  throw new AppError(
    "NOT_PAUSED",
    409,
    ended
      ? `${capitalised(flagLabel(ended.flag))} was resumed by ${ended.resumedBy ?? "somebody else"} meanwhile.`
      : "There is no such pause any more. Look again.",
  );
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The pauses that hold jobs with any of these flags, the oldest first. */
export async function findPauses(db: Kysely<Database>, flags: readonly string[]): Promise<Pause[]> {
  return db
    .selectFrom("queue_pauses")
    .select(columns)
    .where("flag", "in", flags)
    .where("resumed_at", "is", null)
    .orderBy("paused_at")
    .execute();
}

/** Pauses that hold, newest first. There are as many as people have made: one per task, upstream and import at most. */
export async function activePauses(db: Kysely<Database>): Promise<Pause[]> {
  return db
    .selectFrom("queue_pauses")
    .select(columns)
    .where("resumed_at", "is", null)
    .orderBy("paused_at", "desc")
    .execute();
}

/**
 * Pauses that have ended, the one that began last first.
 *
 * @param options.before the id of the last one of the page before
 */
export async function pastPauses(
  db: Kysely<Database>,
  options: { limit: number; before?: string | undefined },
): Promise<Pause[]> {
  const { before, limit } = options;
  return db
    .selectFrom("queue_pauses")
    .select(columns)
    .where("resumed_at", "is not", null)
    .$if(before !== undefined, (query) => query.where("id", "<", before ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** How long a worker may go on without knowing of a pause. */
const FRESH_MS = 1_000;

const copies = new WeakMap<Db, { readAt: number; flags: Promise<readonly string[]> }>();

/**
 * The flags that are paused, from a copy that this process renews every second: workers ask before every job they fetch.
 * While the database is away the last copy holds; nothing is fetched then anyway.
 */
export function pausedFlags(db: Db): Promise<readonly string[]> {
  const copy = copies.get(db);
  if (copy && performance.now() - copy.readAt < FRESH_MS) return copy.flags;
  const flags = db
    .selectFrom("queue_pauses")
    .select("flag")
    .where("resumed_at", "is", null)
    .orderBy("flag")
    .execute()
    .then(
      (rows) => rows.map((row) => row.flag),
      () => copy?.flags ?? [],
    );
  copies.set(db, { readAt: performance.now(), flags });
  return flags;
}
