import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Actor } from "#app/accounts/actor.ts";
import type { Db } from "#app/db/client.server.ts";
import { isDeadlock, isTakenError } from "#app/db/error-codes.ts";
import { AppError } from "#app/errors.ts";

/** A machine's request that changes something. */
export interface OnceRequest {
  actor: Actor;
  /** Its `Idempotency-Key`; null: it is carried out each time. */
  key: string | null;
  /** Method and path, `POST /movies`. */
  target: string;
  /** Parsed JSON. */
  body: unknown;
}

export interface MachineAnswer {
  status: number;
  body: unknown;
}

/** A unique key that somebody else took a moment before is seen by the next look. */
const TRIES = 3;
/** Shorter than callers wait for an answer, so that they hear of it. */
const WAIT_FOR_TWIN_MS = 8_000;

/**
 * Carries a request out, once per Idempotency-Key: the same request again gets the stored answer, while the first one still
 * runs it waits for it. Effect and answer commit together; a request that fails leaves nothing, its key included.
 *
 * @param work runs in the transaction, and once more when it lost against another one
 * @throws AppError IDEMPOTENCY_KEY_REUSED (422) for another request under the same key · REQUEST_IN_PROGRESS (409) · what
 *   `work` throws
 */
export async function answerOnce(
  db: Db,
  request: OnceRequest,
  work: (trx: Db) => Promise<MachineAnswer>,
): Promise<MachineAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute((trx) => carryOut(trx, request, work));
    } catch (error) {
      if (isLockTimeout(error)) throw inProgress(error);
      if (attempt < TRIES && (isDeadlock(error) || isTakenError(error))) continue;
      throw error;
    }
  }
}

async function carryOut(
  trx: Db,
  request: OnceRequest,
  work: (trx: Db) => Promise<MachineAnswer>,
): Promise<MachineAnswer> {
  const { key } = request;
  if (key === null) return work(trx);
  const caller = `${request.actor.type}:${request.actor.id ?? request.actor.name}`;
  const hash = hashOf(request);
  await sql`select set_config('lock_timeout', ${String(WAIT_FOR_TWIN_MS)}, true)`.execute(trx);
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("api_idempotency")
    .values({ caller, idempotency_key: key, request_hash: hash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) return storedAnswer(trx, caller, key, hash);
  const answer = await work(trx);
  await trx
    .updateTable("api_idempotency")
    .set({ status: answer.status, body: JSON.stringify(answer.body) })
    .where("caller", "=", caller)
    .where("idempotency_key", "=", key)
    .execute();
  return answer;
}

async function storedAnswer(trx: Db, caller: string, key: string, hash: string): Promise<MachineAnswer> {
  const stored = await trx
    .selectFrom("api_idempotency")
    .select(["request_hash", "status", "body"])
    .where("caller", "=", caller)
    .where("idempotency_key", "=", key)
    .executeTakeFirstOrThrow();
  if (stored.request_hash !== hash)
    throw new AppError(
      "IDEMPOTENCY_KEY_REUSED",
      422,
      "This Idempotency-Key was used for another request. Send a new key for a new one.",
    );
  return { status: stored.status ?? 200, body: stored.body };
}

/** The order of an object's keys says nothing. */
function hashOf({ target, body }: OnceRequest): string {
  const canonical = JSON.stringify(body, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(`${target}\n${canonical}`).digest("hex");
}

const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "55P03";

function inProgress(cause: unknown): AppError {
  return new AppError(
    "REQUEST_IN_PROGRESS",
    409,
    "An earlier request for the same record is still running. Nothing was stored twice; send this one again in a few seconds.",
    { retryAfterMs: 5_000 },
    { cause },
  );
}
