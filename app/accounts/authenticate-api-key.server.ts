import { sql } from "kysely";
import type { Actor } from "#app/accounts/actor.ts";
import { hashApiKey } from "#app/accounts/api-keys.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

/** Longer ones are not hashed at all: no key of ours, and none that `API_KEY` may set, comes near. */
const LONGEST_KEY = 512;

/**
 * The key that a request carries, or null. `Authorization: Bearer` goes before `X-API-Key`, and that before `apiKey`, which
 * is how one catalogue is fed by another.
 */
export function apiKeyOf(request: Request): string | null {
  const bearer = /^Bearer +(\S+)\s*$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const { headers } = request;
  return bearer ?? (headers.get("x-api-key")?.trim() || headers.get("apikey")?.trim() || null);
}

/**
 * Finds out which API key a request comes from, and notes its use (at most once a minute: a busy key must not turn
 * every read into a write).
 *
 * @throws AppError 401 `NO_API_KEY`, 401 `BAD_API_KEY`, 403 `API_KEY_REVOKED`
 */
export async function authenticateApiKey(
  db: Db,
  request: Request,
): Promise<Extract<Actor, { type: "api_key" }>> {
  const key = apiKeyOf(request);
  if (!key)
    throw new AppError(
      "NO_API_KEY",
      401,
      'This address needs an API key. Send it as "Authorization: Bearer KEY" or "X-API-Key: KEY"; keys are made under Settings, API keys.',
    );
  const row =
    key.length > LONGEST_KEY
      ? undefined
      : await db
          .selectFrom("api_keys")
          .select(["id", "name", "revoked_at"])
          .select(sql<boolean>`coalesce(last_used_at < now() - interval '1 minute', true)`.as("use_is_news"))
          .where("key_hash", "=", hashApiKey(key))
          .executeTakeFirst();
  if (!row)
    throw new AppError("BAD_API_KEY", 401, "This API key is not known here. Check that it was copied whole.");
  if (row.revoked_at)
    throw new AppError(
      "API_KEY_REVOKED",
      403,
      "This API key was revoked. Make a new one under Settings, API keys.",
    );
  if (row.use_is_news)
    await db
      .updateTable("api_keys")
      .set({ last_used_at: sql`now()` })
      .where("id", "=", row.id)
      .where((eb) =>
        eb.or([
          eb("last_used_at", "is", null),
          eb("last_used_at", "<", sql<Date>`now() - interval '1 minute'`),
        ]),
      )
      .execute();
  return { type: "api_key", id: row.id, name: row.name };
}
