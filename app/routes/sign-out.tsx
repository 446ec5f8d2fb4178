import { type ActionFunctionArgs, redirect } from "react-router";
import { audit } from "#app/accounts/audit.server.ts";
import { endedSessionCookieHeader, sessionTokenOf } from "#app/accounts/session-of-request.server.ts";
import { endSession } from "#app/accounts/sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import { door } from "#app/middleware/door.server.ts";
import { actorContext, requestIdContext } from "#app/middleware/request-context.server.ts";

/** Somebody who opens the address by hand has nothing to press here. */
export function loader() {
  return redirect("/");
}

/** Ends the session here and in the database: a copy of the cookie is worth nothing afterwards. */
export const action = door(async ({ request, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const token = sessionTokenOf(request);
  const actor = context.get(actorContext);
  await db.transaction().execute(async (trx) => {
    if (token) await endSession(trx, token);
    if (actor)
      await audit(trx, {
        actor,
        action: "session.end",
        subject: `operator:${actor.id}`,
        requestId: context.get(requestIdContext),
      });
  });
  throw redirect("/sign-in", { headers: { "set-cookie": endedSessionCookieHeader(request) } });
});
