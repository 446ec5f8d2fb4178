import { type MiddlewareFunction, type RouterContextProvider, redirect } from "react-router";
import { apiKeyOf, authenticateApiKey } from "#app/accounts/authenticate-api-key.server.ts";
import { signInPath } from "#app/accounts/next-path.ts";
import { limit } from "#app/accounts/request-limit.server.ts";
import { readSessionToken } from "#app/accounts/session-cookie.server.ts";
import { sessionSecret } from "#app/accounts/session-secret.server.ts";
import { findSession } from "#app/accounts/sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { accessTo } from "#app/middleware/access.ts";
import { expectedErrorAnswer } from "#app/middleware/error-answer.server.ts";
import { actorContext, notSignedIn, operatorContext } from "#app/middleware/request-context.server.ts";
import { isSecure } from "#app/middleware/site.server.ts";

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
  return next();
};

async function admit(request: Request, url: URL, context: Context): Promise<void> {
  const access = accessTo(url.pathname);
  if (access === "key") return admitMachine(request, context);
  // Health answers must not depend on the sessions table.
  if (url.pathname === "/healthz" || url.pathname === "/readyz") return;
  if (access === "operator or key" && apiKeyOf(request)) return admitMachine(request, context);

  const signedIn = await loadOperator(request, context);
  if (signedIn || access === "open") return;
  if (request.method !== "GET" && request.method !== "HEAD") throw notSignedIn();
  throw redirect(signInPath(`${url.pathname}${url.search}`));
}

async function loadOperator(request: Request, context: Context): Promise<boolean> {
  const { db, config } = appContext();
  const token = readSessionToken(request.headers.get("cookie"), {
    secret: sessionSecret(config),
    secure: isSecure(request, config),
  });
  const session = token && (await findSession(db, token));
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
  const { allowed, retryAfterMs } = await limit(db, `api-key:${actor.id}`, config.API_RATE_LIMIT);
  if (!allowed)
    throw new AppError(
      "TOO_MANY_REQUESTS",
      429,
      `This API key may send ${config.API_RATE_LIMIT.requests} requests in ${config.API_RATE_LIMIT.perMs / 1000} s. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
      { retryAfterMs },
    );
  context.set(actorContext, actor);
}
