/** Who may come to a URL. */
export type Access =
  /** anybody */
  | "open"
  /** a signed-in operator */
  | "operator"
  /** a machine with an API key; sessions do not count, so no other site can press anything here */
  | "key"
  /** either of the two */
  | "operator or key";

const OPEN = new Set([
  "/sign-in",
  "/sign-out",
  "/set-up",
  "/healthz",
  "/readyz",
  "/favicon.ico",
  "/robots.txt",
]);
const EITHER = new Set(["/openapi.json"]);
/**
 * Re-hosted images: pages show them, and machines find their addresses in cards. They are TMDB's posters and no secret, but
 * which of them are here says what somebody watches.
 */
const EITHER_BELOW = new Set(["images"]);
/** First parts of the machine API's paths, as CONTRACT.md lists them. */
const MACHINE = new Set(["bulk-import", "media", "movies", "shows", "metrics"]);

/**
 * Who may come to a path. Everything that is not named here asks for an operator, so a new page is closed until
 * somebody decides otherwise.
 *
 * @param pathname without React Router's `.data`
 */
export function accessTo(pathname: string): Access {
  const path = pathname.length > 1 ? pathname.replace(/\/+$/, "") : pathname;
  if (OPEN.has(path)) return "open";
  const first = path.split("/")[1] ?? "";
  if (EITHER.has(path) || EITHER_BELOW.has(first)) return "operator or key";
  return MACHINE.has(first) ? "key" : "operator";
}
