import { sql } from "kysely";
import type { AppContext } from "#app/context.server.ts";
import { isMigrated } from "#app/db/migrate.server.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";

/** Per check `ok`, or a sentence about what is not. */
export interface Readiness {
  database: string;
  migrated: string;
  worker: string;
}

/** Whoever asks for readiness wants to know now: a database that takes longer counts as away. */
const LIMIT_MS = 3_000;

/** Once true it stays true for this process: migrations of its version are not taken back under it. */
const migrated = new Set<string>();

/** Whether this process can do its work: the database answers, is migrated, and a worker was heard of in the last minute. */
export async function readiness({ db, config }: Pick<AppContext, "db" | "config">): Promise<Readiness> {
  const away = "The database does not answer.";
  const unknown = "Unknown while the database is away.";
  const isReachable = await answers(sql`select 1`.execute(db));
  if (!isReachable) return { database: away, migrated: unknown, worker: unknown };
  const url = config.DATABASE_URL ?? "";
  const isCurrent = migrated.has(url) || (await answers(isMigrated(url)));
  if (!isCurrent)
    return {
      database: "ok",
      migrated: "The database is not migrated to this version: run npm run migrate.",
      worker: "Unknown before the database is migrated.",
    };
  migrated.add(url);
  const hasWorker = await answers(isAnyWorkerAlive(db));
  return {
    database: "ok",
    migrated: "ok",
    worker: hasWorker ? "ok" : "No worker has been heard of in the last minute: run npm run worker.",
  };
}

/** Whether a question is answered in time, and not with false. */
async function answers(question: Promise<unknown>): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), LIMIT_MS);
  try {
    return (await Promise.race([question.catch(() => false), tooLate])) !== false;
  } finally {
    clearTimeout(timer);
  }
}
