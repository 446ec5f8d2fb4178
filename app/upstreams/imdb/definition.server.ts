import type { Upstream } from "#app/upstreams/definition.server.ts";
import type { HttpAnswer } from "#app/upstreams/http.server.ts";
import type { Verdict } from "#app/upstreams/judge.server.ts";
import type { Budget } from "#app/upstreams/reserve.server.ts";

/** What is asked of IMDb itself: no more than a patient reader would. */
const AT_IMDB: Budget = { rate: { requests: 10, perMs: 60_000 } };
/** At another address stands somebody's own gateway or the sandbox, with limits of its own. */
const ELSEWHERE: Budget = { rate: { requests: 50, perMs: 1_000 } };

/**
 * IMDb answers robots with 202 and nothing, with a captcha (405) or a plain 403: nobody gets through until that has passed. It
 * knows no keys, so its 401 is a refusal too. A page that IMDb does not have is a 404.
 */
export function judgeImdb(answer: HttpAnswer): Verdict | undefined {
  const { status, headers } = answer;
  if (headers["x-amzn-waf-action"] !== undefined || [202, 401, 403, 405].includes(status))
    return { kind: "fault", fault: "CHALLENGED" };
  return status === 404 ? { kind: "missing" } : undefined;
}

function isImdbItself(address: string): boolean {
  return URL.canParse(address) && /(?:^|\.)imdb\.com$/i.test(new URL(address).hostname);
}

/** How IMDb's pages are asked for. What stands on them is judged page by page. */
export const imdb: Upstream = {
  service: "imdb",
  baseUrl: (config) => config.IMDB_BASE_URL,
  key: () => "",
  credentials: () => ({ headers: { "accept-language": "en-US,en;q=0.8" } }),
  budget: (config) => (isImdbItself(config.IMDB_BASE_URL) ? AT_IMDB : ELSEWHERE),
  judge: judgeImdb,
};
