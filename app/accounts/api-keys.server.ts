import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import { inTransaction } from "#app/accounts/in-transaction.server.ts";
import { isUniqueViolation } from "#app/accounts/unique-violation.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

export interface ApiKey {
  id: string;
  name: string;
  /** The key's first characters, to tell keys apart by. */
  prefix: string;
  createdAt: Date;
  createdBy: string | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const PREFIX_LENGTH = 7;
const LONGEST_NAME = 80;

/**
 * Makes an API key. The key itself is in the answer and nowhere else: the table holds its SHA-256, which is enough for
 * 256 random bits.
 *
 * @param input.name unique among the keys that are not revoked, 1 to 80 characters
 * @param input.key a key chosen by the operator (`API_KEY`); default: `rd_` and 43 URL-safe characters
 * @throws AppError 422 `API_KEY_NAME_MISSING`, `API_KEY_NAME_TOO_LONG`; 409 `API_KEY_NAME_TAKEN` (these with
 *   `details.field`), 409 `API_KEY_TAKEN`
 */
export async function createApiKey(
  db: Db,
  input: { name: string; createdBy: Actor; key?: string; requestId?: string },
): Promise<{ key: string; apiKey: ApiKey }> {
  const name = input.name.trim();
  if (!name)
    throw new AppError("API_KEY_NAME_MISSING", 422, "Give the key a name that says who will use it.", {
      field: "name",
    });
  if (name.length > LONGEST_NAME)
    throw new AppError("API_KEY_NAME_TOO_LONG", 422, `A key's name has at most ${LONGEST_NAME} characters.`, {
      field: "name",
    });
  const key = input.key ?? `rd_${randomBytes(32).toString("base64url")}`;
  try {
    const apiKey = await inTransaction(db, async (trx) => {
      const row = await trx
        .insertInto("api_keys")
        .values({
          name,
          key_hash: hashApiKey(key),
          prefix: key.slice(0, PREFIX_LENGTH),
          created_by: input.createdBy.name,
        })
        .returning(columns)
        .executeTakeFirstOrThrow();
      await audit(trx, {
        actor: input.createdBy,
        action: "api_key.create",
        subject: `api_key:${row.id}`,
        details: { name },
        requestId: input.requestId,
      });
      return row;
    });
    return { key, apiKey };
  } catch (error) {
    if (isUniqueViolation(error, "api_keys_name_key"))
      throw new AppError(
        "API_KEY_NAME_TAKEN",
        409,
        `There is an API key named "${name}" already. Choose another name, or revoke that key first.`,
        { field: "name" },
      );
    if (isUniqueViolation(error, "api_keys_key_hash_key"))
      throw new AppError(
        "API_KEY_TAKEN",
        409,
        "This API key exists already, perhaps revoked. Choose another one.",
      );
    throw error;
  }
}

/** All keys, those in use first, then the newest. */
export async function listApiKeys(db: Db): Promise<ApiKey[]> {
  return db
    .selectFrom("api_keys")
    .select(columns)
    .orderBy((eb) => eb("revoked_at", "is not", null))
    .orderBy("created_at", "desc")
    .execute();
}

/**
 * Revokes a key by its id or by the name of the one that is in use under it. It works for nobody from the next request on.
 *
 * @throws AppError 404 `API_KEY_NOT_FOUND`, also when it is revoked already
 */
export async function revokeApiKey(
  db: Db,
  which: { id: string } | { name: string },
  by: Actor,
  requestId?: string,
): Promise<ApiKey> {
  return inTransaction(db, async (trx) => {
    const update = trx
      .updateTable("api_keys")
      .set({ revoked_at: sql`now()` })
      .where("revoked_at", "is", null);
    // Compared as text: an id out of a form may be anything, and anything else than a uuid would be an error in SQL.
    const chosen =
      "id" in which
        ? update.where(sql`id::text`, "=", which.id)
        : update.where("name", "=", which.name.trim());
    const row = await chosen.returning(columns).executeTakeFirst();
    if (!row)
      throw new AppError(
        "API_KEY_NOT_FOUND",
        404,
        "name" in which
          ? `There is no API key named "${which.name}" in use. "list" shows all.`
          : "This API key does not exist or is revoked already.",
      );
    await audit(trx, {
      actor: by,
      action: "api_key.revoke",
      subject: `api_key:${row.id}`,
      details: { name: row.name },
      requestId,
    });
    return row;
  });
}

/** What stands in `api_keys.key_hash`. */
export function hashApiKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

const columns = [
  "id",
  "name",
  "prefix",
  "created_at as createdAt",
  "created_by as createdBy",
  "last_used_at as lastUsedAt",
  "revoked_at as revokedAt",
] as const;
