const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a request that changes something comes from our own pages. Browsers say so in `Sec-Fetch-Site`, which no
 * script can forge; where that is missing (plain http on a network, old browsers) the `Origin` must be ours. A mutation
 * that carries neither is refused: React Router's own check lets it pass, and skips resource routes altogether.
 *
 * @param appOrigin the origin that people see: of `APP_URL`, or of the request itself when that is unset
 */
export function isOwnOrigin(method: string, headers: Headers, appOrigin: string): boolean {
  if (SAFE_METHODS.has(method.toUpperCase())) return true;
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  return headers.get("origin") === appOrigin;
}

/**
 * Whether a request cannot have been made by a browser on somebody's behalf: no cookie rides along, and it either
 * brings its own API key or bears none of the marks that browsers put on requests. On machine API paths, where sessions
 * count for nothing, such a request need not prove where it comes from.
 */
export function isMachineRequest(headers: Headers): boolean {
  if (headers.has("cookie")) return false;
  if (["authorization", "x-api-key", "apikey"].some((name) => headers.has(name))) return true;
  return !headers.has("origin") && !headers.has("sec-fetch-site");
}
