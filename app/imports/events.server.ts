import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { logger } from "#app/logger.server.ts";

/** The life of a job in its own words (I-17). */
export type EventKind =
  | "accepted"
  | "parsed"
  | "started"
  | "catalogue_read"
  | "chunk_started"
  | "chunk_finished"
  | "rows_failed"
  | "upstream_paused"
  | "retried"
  | "cancelled"
  | "decided"
  | "reopened"
  | "corrected"
  | "repaired"
  | "undo_requested"
  | "undone"
  | "undo_failed"
  | "claims_taken_back"
  | "finished";

/**
 * Adds an event to a job's history and to the log.
 *
 * @param meta numbers, codes and row numbers only: it reaches the log, where no titles and names belong
 */
export async function addEvent(
  db: Kysely<Database>,
  jobId: string,
  kind: EventKind,
  message: string,
  meta: Record<string, number | string | boolean | number[] | null> = {},
  level: "info" | "warn" | "error" = "info",
): Promise<void> {
  await db
    .insertInto("import_job_events")
    .values({ job_id: jobId, kind, level, message, meta: JSON.stringify(meta) })
    .execute();
  logger[level]({ importJobId: jobId, event: kind, ...meta }, "import event");
}

/** Newest first. */
export async function listEvents(db: Kysely<Database>, jobId: string, limit = 200) {
  return db
    .selectFrom("import_job_events")
    .select(["id", "level", "kind", "message", "meta", "created_at as createdAt"])
    .where("job_id", "=", jobId)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}
