import { randomUUID } from "node:crypto";
import type { MiddlewareFunction } from "react-router";
import { clientAddressOf } from "#app/accounts/client-address.server.ts";
import { isSecure } from "#app/accounts/session-of-request.server.ts";
import { appContext } from "#app/context.server.ts";
import { accessTo } from "#app/middleware/access.ts";
import { unexpectedErrorAnswer } from "#app/middleware/error-answer.server.ts";
import { clientAddressContext, requestIdContext } from "#app/middleware/request-context.server.ts";
import { contentSecurityPolicy, createNonce, cspNonceContext } from "#app/ui/csp.ts";

/**
 * Outermost: names the request, finds out who calls, and puts the security headers on whatever comes back. Its `next()`
 * never rejects: what was thrown further in arrives here as an answer.
 */
export const answerHeaders: MiddlewareFunction<Response> = async ({ request, url, context }, next) => {
  const requestId = randomUUID();
  const nonce = createNonce();
  context.set(requestIdContext, requestId);
  context.set(clientAddressContext, clientAddressOf(request));
  context.set(cspNonceContext, nonce);

  const answer = withoutEngineText(await next(), url.pathname, requestId);
  const headers = new Headers(answer.headers);
  headers.set("x-request-id", requestId);
  setSecurityHeaders(headers, request, nonce);
  // A Response that was thrown for a page loses its headers on the way through React Router.
  if (answer.status === 503 && !headers.has("retry-after")) headers.set("retry-after", "5");
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
};

/** React Router answers a resource route that broke with a line of plain text; the machine API promises JSON. */
function withoutEngineText(answer: Response, pathname: string, requestId: string): Response {
  const isPlainText = answer.headers.get("content-type")?.startsWith("text/plain") ?? false;
  const isMachineApi = accessTo(pathname) !== "operator";
  return answer.status === 500 && isPlainText && isMachineApi ? unexpectedErrorAnswer(requestId) : answer;
}

function setSecurityHeaders(headers: Headers, request: Request, nonce: string): void {
  const { config } = appContext();
  const isDocument = headers.get("content-type")?.startsWith("text/html") ?? false;
  headers.set(
    "content-security-policy",
    isDocument
      ? contentSecurityPolicy(nonce, {
          dev: import.meta.env?.DEV === true,
          imageOrigins: [new URL(config.TMDB_IMAGE_BASE_URL).origin],
        })
      : "default-src 'none'; frame-ancestors 'none'",
  );
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("cross-origin-resource-policy", "same-origin");
  headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  if (isSecure(request, config)) headers.set("strict-transport-security", "max-age=31536000");
  // Everything here is somebody's own data; what may be kept says so itself.
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
}
