import type { MiddlewareFunction } from "react-router";
import { withReader } from "#app/live/reader.server.ts";

/**
 * Tells a page that keeps itself fresh from a person who comes to it: React Router asks for the same URL in both cases, but a
 * page that is read anew is already at it, and says so as the referrer. Without a referrer it counts as the page's own read.
 */
export const markReader: MiddlewareFunction<Response> = ({ request, url }, next) => {
  const isData = new URL(request.url).pathname.endsWith(".data");
  const isOwn = isData && isSamePage(request.headers.get("referer"), url);
  return withReader(isOwn ? "page" : "person", next);
};

function isSamePage(referrer: string | null, page: URL): boolean {
  if (referrer === null || !URL.canParse(referrer)) return true;
  const from = new URL(referrer);
  return from.pathname === page.pathname && parametersOf(from) === parametersOf(page);
}

/** Those of the page, without React Router's own. */
function parametersOf({ searchParams }: URL): string {
  const own = new URLSearchParams(searchParams);
  own.delete("_routes");
  own.delete("index");
  own.sort();
  return own.toString();
}
