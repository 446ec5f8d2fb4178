import { createHash } from "node:crypto";
import { sql } from "kysely";
import { Authenticator } from "remix-auth";
import { FormStrategy } from "remix-auth-form";
import { addressGroup, clientAddressOf } from "#app/accounts/client-address.server.ts";
import { normalizeEmail } from "#app/accounts/email.ts";
import { hashPassword, isOutdated, verifyPassword } from "#app/accounts/password-hash.server.ts";
import { LONGEST_PASSWORD } from "#app/accounts/password-rules.ts";
import { giveBack, requireAllowance } from "#app/accounts/request-limit.server.ts";
import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

/** Wrong passwords for one account, from wherever: ten at once, then one a minute. */
export const ACCOUNT_LIMIT: RateLimit = { requests: 10, perMs: 600_000 };
/** Wrong attempts from one address, at whatever account. */
export const ADDRESS_LIMIT: RateLimit = { requests: 30, perMs: 600_000 };

const TOO_MANY = "Too many attempts to sign in.";

export interface SignedIn {
  id: string;
  email: string;
}

/**
 * The authenticator with its one strategy, `form`: fields `email` and `password`.
 *
 * Rejects with AppError: 422 `EMAIL_INVALID`, `PASSWORD_MISSING`, 401 `SIGN_IN_FAILED` (one answer for a wrong password
 * and for an unknown e-mail), 403 `OPERATOR_DISABLED` (said only to who knows the password), 429 `TOO_MANY_REQUESTS`.
 */
export function createAuthenticator(db: Db): Authenticator<SignedIn> {
  return new Authenticator<SignedIn>().use(
    new FormStrategy<SignedIn>(({ form, request }) =>
      checkPassword(db, {
        email: textOf(form.get("email")),
        password: textOf(form.get("password")),
        clientAddress: clientAddressOf(request),
      }),
    ),
    "form",
  );
}

/** See `createAuthenticator`, which this is the core of. Costs one allowance of the account and of the address unless it succeeds. */
export async function checkPassword(
  db: Db,
  typed: { email: string; password: string; clientAddress: string | null },
): Promise<SignedIn> {
  const email = normalizeEmail(typed.email);
  if (!email)
    throw new AppError("EMAIL_INVALID", 422, "Enter your e-mail address, such as anna@example.org.", {
      field: "email",
    });
  if (!typed.password)
    throw new AppError("PASSWORD_MISSING", 422, "Enter your password.", { field: "password" });

  const account = `sign-in:account:${createHash("sha256").update(email).digest("base64url")}`;
  const address = `sign-in:address:${addressGroup(typed.clientAddress)}`;
  await requireAllowance(db, address, ADDRESS_LIMIT, TOO_MANY);
  await requireAllowance(db, account, ACCOUNT_LIMIT, TOO_MANY);

  const operator = await db
    .selectFrom("operators")
    .select(["id", "email", "password_hash", "disabled_at"])
    .where(sql`lower(email)`, "=", email)
    .executeTakeFirst();
  // No password of ours is that long. The decoy is hashed instead, so this too takes as long as any other.
  const possible = typed.password.length <= LONGEST_PASSWORD * 2;
  const right = await verifyPassword(
    possible ? operator?.password_hash : undefined,
    possible ? typed.password : "",
  );
  if (!operator || !right)
    throw new AppError(
      "SIGN_IN_FAILED",
      401,
      "This e-mail and password do not belong together. Check both, capital letters included.",
    );
  await giveBack(db, address, ADDRESS_LIMIT);
  await giveBack(db, account, ACCOUNT_LIMIT);
  if (operator.disabled_at)
    throw new AppError(
      "OPERATOR_DISABLED",
      403,
      "This operator was disabled. Another operator can change that.",
    );
  await renewHash(db, operator, typed.password);
  return { id: operator.id, email: operator.email };
}

/** A hash made at other costs than today's is made anew while the password is at hand. */
async function renewHash(
  db: Db,
  operator: { id: string; password_hash: string },
  password: string,
): Promise<void> {
  if (!isOutdated(operator.password_hash)) return;
  await db
    .updateTable("operators")
    .set({ password_hash: await hashPassword(password) })
    .where("id", "=", operator.id)
    // A password that was changed in the meantime stays changed.
    .where("password_hash", "=", operator.password_hash)
    .execute();
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value : "";
}
