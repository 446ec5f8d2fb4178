import type { RouterContextProvider } from "react-router";
import type { Actor } from "#app/accounts/actor.ts";
import { createApiKey, revokeApiKey } from "#app/accounts/api-keys.server.ts";
import { audit } from "#app/accounts/audit.server.ts";
import { changePassword } from "#app/accounts/change-password.server.ts";
import { createOperator, disableOperator, enableOperator } from "#app/accounts/operators.server.ts";
import { revokeSession, revokeSessions } from "#app/accounts/sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { fieldOf } from "#app/middleware/read-form.server.ts";
import {
  requestIdContext,
  requireOperator,
  type SignedInOperator,
} from "#app/middleware/request-context.server.ts";

/** What a settings form is answered. `createdKey` is shown once and stands nowhere else. */
export interface SettingsAnswer {
  intent: string;
  message: string;
  createdKey?: { name: string; key: string };
}

interface Call {
  db: Db;
  form: FormData;
  operator: SignedInOperator;
  by: { actor: Actor; requestId: string };
}

/** The forms of the settings page, by their `intent`. */
const INTENTS: Record<string, (call: Call) => Promise<Omit<SettingsAnswer, "intent">>> = {
  "change-password": async ({ db, form, operator, by }) => {
    const change = { current: fieldOf(form, "current"), next: fieldOf(form, "next") };
    const ended = await changePassword(db, operator, { ...change, requestId: by.requestId });
    const others = ended === 1 ? "1 other session was" : `${ended} other sessions were`;
    return { message: ended === 0 ? "Password changed." : `Password changed. ${others} ended.` };
  },
  "revoke-session": async ({ db, form, operator, by }) => {
    const sessionId = fieldOf(form, "session");
    await db.transaction().execute(async (trx) => {
      if (!(await revokeSession(trx, operator.id, sessionId)))
        throw new AppError("SESSION_NOT_FOUND", 404, "This session has ended already. Reload the page.");
      await audit(trx, { ...by, action: "session.revoke", subject: `operator:${operator.id}` });
    });
    return { message: "Session ended." };
  },
  "revoke-other-sessions": async ({ db, operator, by }) => {
    const ended = await db.transaction().execute(async (trx) => {
      const count = await revokeSessions(trx, operator.id, operator.sessionId);
      await audit(trx, {
        ...by,
        action: "session.revoke",
        subject: `operator:${operator.id}`,
        details: { ended: count },
      });
      return count;
    });
    return { message: ended === 1 ? "1 session ended." : `${ended} sessions ended.` };
  },
  "create-api-key": async ({ db, form, by }) => {
    const { key, apiKey } = await createApiKey(db, {
      name: fieldOf(form, "name"),
      createdBy: by.actor,
      requestId: by.requestId,
    });
    return { message: `API key "${apiKey.name}" made.`, createdKey: { name: apiKey.name, key } };
  },
  "revoke-api-key": async ({ db, form, by }) => {
    const apiKey = await revokeApiKey(db, { id: fieldOf(form, "key") }, by.actor, by.requestId);
    return { message: `API key "${apiKey.name}" revoked.` };
  },
  "add-operator": async ({ db, form, by }) => {
    const typed = { email: fieldOf(form, "email"), password: fieldOf(form, "password") };
    const added = await createOperator(db, typed, by);
    return { message: `${added.email} can sign in now. Hand over the password; they can change it here.` };
  },
  "disable-operator": async ({ db, form, by }) => {
    const disabled = await disableOperator(db, fieldOf(form, "operator"), by);
    return { message: `${disabled.email} was signed out and cannot sign in any more.` };
  },
  "enable-operator": async ({ db, form, by }) => {
    const enabled = await enableOperator(db, fieldOf(form, "operator"), by);
    return { message: `${enabled.email} can sign in again.` };
  },
};

/**
 * Does what a settings form asks for.
 *
 * @throws AppError 400 `UNKNOWN_INTENT`, and what the domain functions throw
 */
export async function runSettingsAction(
  intent: string,
  form: FormData,
  context: Readonly<RouterContextProvider>,
): Promise<SettingsAnswer> {
  const operator = requireOperator(context);
  const run = Object.hasOwn(INTENTS, intent) ? INTENTS[intent] : undefined;
  if (!run)
    throw new AppError("UNKNOWN_INTENT", 400, "This form asks for something unknown. Reload the page.");
  const actor: Actor = { type: "operator", id: operator.id, name: operator.email };
  const by = { actor, requestId: context.get(requestIdContext) };
  return { intent, ...(await run({ db: appContext().db, form, operator, by })) };
}
