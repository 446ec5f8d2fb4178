/**
 * The place to go to after signing in: a path of this site, or `/` for everything that could lead elsewhere.
 *
 * Browsers read `//host` and `/\host` as another host, and drop tabs and line breaks before they look, so only printable
 * ASCII without a backslash passes, and the result is resolved once more to be sure.
 */
export function safeNextPath(next: string | null | undefined): string {
  if (!next || next.length > 2_000) return "/";
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next)) return "/";
  const base = "http://reeldesk.invalid";
  if (!URL.canParse(next, base)) return "/";
  const url = new URL(next, base);
  // Resolved rather than as given: `/..//host` is `//host` once its dots are gone.
  const path = `${url.pathname}${url.search}${url.hash}`;
  if (url.origin !== base || /^\/[/\\]/.test(path)) return "/";
  // Signing in at the sign-in page, or out again at once, would lead nowhere.
  return /^\/(sign-in|sign-out|set-up)(\.data)?$/.test(url.pathname) ? "/" : path;
}

/** `/sign-in`, with the way back unless that is the start page. */
export function signInPath(from: string): string {
  const next = safeNextPath(from);
  return next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`;
}
