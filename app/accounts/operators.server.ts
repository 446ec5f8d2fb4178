import { sql } from "kysely";
import { type Actor, systemActor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import { normalizeEmail } from "#app/accounts/email.ts";
import { inTransaction } from "#app/accounts/in-transaction.server.ts";
import { hashPassword } from "#app/accounts/password-hash.server.ts";
import { passwordProblem } from "#app/accounts/password-rules.ts";
import { revokeSessions } from "#app/accounts/sessions.server.ts";
import { isUniqueViolation } from "#app/accounts/unique-violation.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

export interface Operator {
  id: string;
  email: string;
  createdAt: Date;
  lastSignedInAt: Date | null;
  disabledAt: Date | null;
}

export interface Credentials {
  email: string;
  password: string;
}

/** Who did it, for the audit log. */
export interface By {
  actor: Actor;
  requestId?: string;
}

/** Whether anybody can sign in, or could once: until then the set-up page is open. */
export async function hasOperators(db: Db): Promise<boolean> {
  return (await db.selectFrom("operators").select("id").limit(1).executeTakeFirst()) !== undefined;
}

/** All operators by e-mail, those who may sign in first. */
export async function listOperators(db: Db): Promise<Operator[]> {
  return db
    .selectFrom("operators")
    .select(columns)
    .orderBy((eb) => eb("disabled_at", "is not", null))
    .orderBy("email")
    .execute();
}

/**
 * Adds an operator.
 *
 * @throws AppError 422 `EMAIL_INVALID`, `PASSWORD_REFUSED`; 409 `OPERATOR_EXISTS` (each with `details.field`)
 */
export async function createOperator(db: Db, typed: Credentials, by: By): Promise<Operator> {
  const { email, password } = checkCredentials(typed);
  const passwordHash = await hashPassword(password);
  return inTransaction(db, (trx) => insertOperator(trx, email, passwordHash, by));
}

/**
 * Adds the first operator. Of several that try at once exactly one succeeds.
 *
 * @param options.anyPassword accept a weak password: for the one that the machine's owner put into the environment
 * @throws AppError as `createOperator`, and 409 `ALREADY_SET_UP` once there is an operator
 */
export async function createFirstOperator(
  db: Db,
  typed: Credentials,
  options: { requestId?: string; anyPassword?: boolean } = {},
): Promise<Operator> {
  const { email, password } = options.anyPassword
    ? { email: checkEmail(typed.email), password: typed.password }
    : checkCredentials(typed);
  const passwordHash = await hashPassword(password);
  return inTransaction(db, async (trx) => {
    await lockOperators(trx);
    if (await hasOperators(trx))
      throw new AppError("ALREADY_SET_UP", 409, "Reeldesk has an operator already. Sign in instead.");
    return insertOperator(trx, email, passwordHash, {
      actor: systemActor("first run"),
      requestId: options.requestId,
    });
  });
}

/**
 * Adds an operator, or gives an existing one a new password, ends all their sessions and lets them in again if they
 * were disabled: the way back in for somebody at the machine.
 *
 * @param typed.password is taken as it is: the caller owns the machine
 * @throws AppError 422 `EMAIL_INVALID`
 */
export async function addOrResetOperator(
  db: Db,
  typed: Credentials,
  by: By,
): Promise<{ operator: Operator; created: boolean }> {
  const email = checkEmail(typed.email);
  const passwordHash = await hashPassword(typed.password);
  return inTransaction(db, async (trx) => {
    await lockOperators(trx);
    const operator = await trx
      .updateTable("operators")
      .set({ password_hash: passwordHash, disabled_at: null, updated_at: sql`now()` })
      .where(sql`lower(email)`, "=", email)
      .returning(columns)
      .executeTakeFirst();
    if (!operator) return { operator: await insertOperator(trx, email, passwordHash, by), created: true };
    await revokeSessions(trx, operator.id);
    await audit(trx, { ...by, action: "operator.reset", subject: `operator:${operator.id}` });
    return { operator, created: false };
  });
}

/**
 * Keeps an operator from signing in and ends their sessions at once. What they did stays.
 *
 * @throws AppError 404 `OPERATOR_NOT_FOUND`, 409 `OWN_ACCOUNT`, 409 `LAST_OPERATOR`
 */
export async function disableOperator(db: Db, operatorId: string, by: By): Promise<Operator> {
  if (by.actor.type === "operator" && by.actor.id === operatorId)
    throw new AppError("OWN_ACCOUNT", 409, "You cannot disable yourself. Another operator can do it.");
  return inTransaction(db, async (trx) => {
    // Two operators who disable each other at once would leave nobody.
    await lockOperators(trx);
    const operator = await trx
      .updateTable("operators")
      .set({ disabled_at: sql`now()`, updated_at: sql`now()` })
      .where(sql`id::text`, "=", operatorId)
      .where("disabled_at", "is", null)
      .returning(columns)
      .executeTakeFirst();
    if (!operator) throw notFound();
    const left = await trx
      .selectFrom("operators")
      .select("id")
      .where("disabled_at", "is", null)
      .limit(1)
      .executeTakeFirst();
    if (!left)
      throw new AppError(
        "LAST_OPERATOR",
        409,
        "This is the last operator who can sign in. Add another one first.",
      );
    await revokeSessions(trx, operator.id);
    await audit(trx, { ...by, action: "operator.disable", subject: `operator:${operator.id}` });
    return operator;
  });
}

/**
 * Lets a disabled operator sign in again, with the password they had.
 *
 * @throws AppError 404 `OPERATOR_NOT_FOUND`
 */
export async function enableOperator(db: Db, operatorId: string, by: By): Promise<Operator> {
  return inTransaction(db, async (trx) => {
    const operator = await trx
      .updateTable("operators")
      .set({ disabled_at: null, updated_at: sql`now()` })
      .where(sql`id::text`, "=", operatorId)
      .where("disabled_at", "is not", null)
      .returning(columns)
      .executeTakeFirst();
    if (!operator) throw notFound();
    await audit(trx, { ...by, action: "operator.enable", subject: `operator:${operator.id}` });
    return operator;
  });
}

async function insertOperator(trx: Db, email: string, passwordHash: string, by: By): Promise<Operator> {
  try {
    const operator = await trx
      .insertInto("operators")
      .values({ email, password_hash: passwordHash })
      .returning(columns)
      .executeTakeFirstOrThrow();
    await audit(trx, { ...by, action: "operator.create", subject: `operator:${operator.id}` });
    return operator;
  } catch (error) {
    if (isUniqueViolation(error, "operators_email_key"))
      throw new AppError("OPERATOR_EXISTS", 409, "There is an operator with this e-mail already.", {
        field: "email",
      });
    throw error;
  }
}

/** One change at a time in who the operators are. Released at the end of the transaction. */
async function lockOperators(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('reeldesk operators'))`.execute(trx);
}

function checkCredentials(typed: Credentials): Credentials {
  const email = checkEmail(typed.email);
  const problem = passwordProblem(typed.password, email);
  if (problem) throw new AppError("PASSWORD_REFUSED", 422, problem, { field: "password" });
  return { email, password: typed.password };
}

function checkEmail(typed: string): string {
  const email = normalizeEmail(typed);
  if (email) return email;
  throw new AppError("EMAIL_INVALID", 422, "Enter an e-mail address, such as anna@example.org.", {
    field: "email",
  });
}

function notFound(): AppError {
  return new AppError(
    "OPERATOR_NOT_FOUND",
    404,
    "There is no such operator, or somebody was faster. Reload the page.",
  );
}

const columns = [
  "id",
  "email",
  "created_at as createdAt",
  "last_signed_in_at as lastSignedInAt",
  "disabled_at as disabledAt",
] as const;
