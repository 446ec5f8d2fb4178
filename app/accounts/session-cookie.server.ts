import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A session's token: 256 random bits. The cookie carries it signed; the database knows its SHA-256 alone. */
const TOKEN_BYTES = 32;
const VALUE = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/** Over https the `__Host-` prefix makes browsers refuse the cookie from anything but this very host over https. */
function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-reeldesk" : "reeldesk";
}

export function newSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/**
 * The `Set-Cookie` of a new session.
 *
 * @param maxAgeMs the session's absolute limit: the browser forgets the cookie then; the idle limit is the server's
 */
export function sessionCookie(
  token: string,
  options: { secret: string; secure: boolean; maxAgeMs: number },
): string {
  const value = `${token}.${sign(token, options.secret)}`;
  return attributes(value, options.secure, Math.floor(options.maxAgeMs / 1000));
}

/** The `Set-Cookie` that makes the browser forget. */
export function expiredSessionCookie(secure: boolean): string {
  return attributes("", secure, 0);
}

/**
 * The session token in a `Cookie` header, or null when there is none or its signature is wrong: a forged cookie costs
 * one HMAC and no query.
 */
export function readSessionToken(
  cookieHeader: string | null,
  options: { secret: string; secure: boolean },
): string | null {
  const name = sessionCookieName(options.secure);
  for (const pair of (cookieHeader ?? "").split(";")) {
    const [found, value = ""] = pair.trim().split("=", 2);
    if (found !== name) continue;
    const [, token = "", signature = ""] = VALUE.exec(value) ?? [];
    if (!token) continue;
    if (timingSafeEqual(Buffer.from(signature), Buffer.from(sign(token, options.secret)))) return token;
  }
  return null;
}

function sign(token: string, secret: string): string {
  return createHmac("sha256", secret).update(`session:${token}`).digest("base64url");
}

function attributes(value: string, secure: boolean, maxAgeSeconds: number): string {
  return [
    `${sessionCookieName(secure)}=${value}`,
    "Path=/",
    `Max-Age=${maxAgeSeconds}`,
    "HttpOnly",
    "SameSite=Lax",
    ...(secure ? ["Secure"] : []),
  ].join("; ");
}
