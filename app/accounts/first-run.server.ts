import { sql } from "kysely";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey } from "#app/accounts/api-keys.server.ts";
import { createFirstOperator, hasOperators } from "#app/accounts/operators.server.ts";
import { passwordProblem } from "#app/accounts/password-rules.ts";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { logger } from "#app/logger.server.ts";

/**
 * Makes `OPERATOR_EMAIL` with `OPERATOR_PASSWORD` the first operator when there is none yet. Safe when several processes
 * start at once.
 *
 * @returns whether this call made it
 */
export async function ensureFirstOperator(
  db: Db,
  config: Pick<Config, "OPERATOR_EMAIL" | "OPERATOR_PASSWORD">,
): Promise<boolean> {
  const { OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password } = config;
  // Asked before the lock and before the hash: at every start but the first one the answer is yes.
  if (!email || !password || (await hasOperators(db))) return false;
  try {
    // Not refused: whoever sets the environment owns the machine, and a start that fails helps nobody.
    if (passwordProblem(password, email))
      logger.warn("OPERATOR_PASSWORD is easy to guess; change it under Settings, Account");
    await createFirstOperator(db, { email, password }, { anyPassword: true });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "ALREADY_SET_UP") return false;
    throw error;
  }
}

/**
 * Makes `API_KEY` the first key when there is none yet, revoked ones included: a key that somebody revoked must not
 * come back at the next start. Safe when several processes start at once.
 *
 * @returns whether this call made it
 */
export async function ensureFirstApiKey(db: Db, config: Pick<Config, "API_KEY">): Promise<boolean> {
  const key = config.API_KEY;
  if (!key) return false;
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('reeldesk first api key'))`.execute(trx);
    if (await trx.selectFrom("api_keys").select("id").limit(1).executeTakeFirst()) return false;
    await createApiKey(trx, { name: "API_KEY", key, createdBy: systemActor("first run") });
    return true;
  });
}
