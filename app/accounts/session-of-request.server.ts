import {
  expiredSessionCookie,
  readSessionToken,
  sessionCookie,
} from "#app/accounts/session-cookie.server.ts";
import { sessionSecret } from "#app/accounts/session-secret.server.ts";
import { SESSION_ABSOLUTE_MS } from "#app/accounts/sessions.server.ts";
import type { Config } from "#app/config.server.ts";
import { appContext } from "#app/context.server.ts";

/** The origin that people see: `APP_URL`'s, else the one of the request itself. */
export function appOrigin(request: Request, config: Pick<Config, "APP_URL">): string {
  return new URL(config.APP_URL ?? request.url).origin;
}

/** Whether people reach us over https, if only through a proxy in front. */
export function isSecure(request: Request, config: Pick<Config, "APP_URL">): boolean {
  return appOrigin(request, config).startsWith("https:") || new URL(request.url).protocol === "https:";
}

/** The session token that a request's cookie carries, or null when it carries none that we signed. */
export function sessionTokenOf(request: Request): string | null {
  const { config } = appContext();
  return readSessionToken(request.headers.get("cookie"), {
    secret: sessionSecret(config),
    secure: isSecure(request, config),
  });
}

/** The `Set-Cookie` for a session that was just started in answer to a request. */
export function sessionCookieHeader(request: Request, token: string): string {
  const { config } = appContext();
  return sessionCookie(token, {
    secret: sessionSecret(config),
    secure: isSecure(request, config),
    maxAgeMs: SESSION_ABSOLUTE_MS,
  });
}

/** The `Set-Cookie` that ends the session in the browser; `endSession` does so in the database. */
export function endedSessionCookieHeader(request: Request): string {
  return expiredSessionCookie(isSecure(request, appContext().config));
}
