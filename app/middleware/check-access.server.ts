import { type MiddlewareFunction, type RouterContextProvider, redirect } from "react-router";
import { apiKeyOf, authenticateApiKey } from "#app/accounts/authenticate-api-key.server.ts";
import { confirmedSessions } from "#app/accounts/confirmed-sessions.server.ts";
import { signInPath } from "#app/accounts/next-path.ts";
import { requireAllowance } from "#app/accounts/request-limit.server.ts";
import { sessionTokenOf } from "#app/accounts/session-of-request.server.ts";
import { findSession, findSessionForReading } from "#app/accounts/sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import { forgetSharedReads } from "#app/live/shared-reads.server.ts";
import { accessTo } from "#app/middleware/access.ts";
import { expectedErrorAnswer } from "#app/middleware/error-answer.server.ts";
import { actorContext, notSignedIn, operatorContext } from "#app/middleware/request-context.server.ts";

type Context = Readonly<RouterContextProvider>;

/**
 * Lets in who may come: operators by their session, machines by their key. Closed unless `accessTo` says otherwise.
 *
 * Without a session, a page leads to sign-in and back; a mutation gets a 401 that can be mended in another tab.
 */
export const checkAccess: MiddlewareFunction<Response> = async ({ request, url, context }, next) => {
  try {
    await admit(request, url, context);
  } catch (error) {
    throw expectedErrorAnswer(error) ?? error;
  }
  if (isRead(request)) return next();
  try {
    return await next();
  } finally {
    // It may have ended sessions, and has probably changed what pages show. A machine can do the latter alone, and
    // shared reads of that age by themselves.
    if (accessTo(url.pathname) !== "key") {
      confirmedSessions.forget();
      forgetSharedReads();
    }
  }
};

const isRead = ({ method }: Request): boolean => method === "GET" || method === "HEAD";

async function admit(request: Request, url: URL, context: Context): Promise<void> {
  const access = accessTo(url.pathname);
  if (access === "key") return admitMachine(request, context);
  // Health answers must not depend on the sessions table.
  if (url.pathname === "/healthz" || url.pathname === "/readyz") return;
  if (access === "operator or key" && apiKeyOf(request)) return admitMachine(request, context);

  const signedIn = await loadOperator(request, context);
  if (signedIn || access === "open") return;
  if (!isRead(request)) throw notSignedIn();
  throw redirect(signInPath(`${url.pathname}${url.search}`));
}

async function loadOperator(request: Request, context: Context): Promise<boolean> {
  const token = sessionTokenOf(request);
  if (!token) return false;
  const { db } = appContext();
  const session = await (isRead(request) ? findSessionForReading(db, token) : findSession(db, token));
  if (!session) return false;
  context.set(operatorContext, {
    id: session.operatorId,
    email: session.email,
    sessionId: session.sessionId,
  });
  context.set(actorContext, { type: "operator", id: session.operatorId, name: session.email });
  return true;
}

async function admitMachine(request: Request, context: Context): Promise<void> {
  const { db, config } = appContext();
  const actor = await authenticateApiKey(db, request);
  const { requests, perMs } = config.API_RATE_LIMIT;
  await requireAllowance(
    db,
    `api-key:${actor.id}`,
    config.API_RATE_LIMIT,
    `This API key may send ${requests} requests in ${perMs / 1000} seconds.`,
  );
  context.set(actorContext, actor);
}
