import type { Upstream } from "#app/upstreams/definition.server.ts";
import type { HttpAnswer } from "#app/upstreams/http.server.ts";
import type { Verdict } from "#app/upstreams/judge.server.ts";

/** `{"error": "<sentence>"}` */
function saidIn(answer: HttpAnswer): string | undefined {
  if ("problem" in answer.body) return undefined;
  const { value } = answer.body;
  return typeof value === "object" && value !== null && "error" in value ? String(value.error) : undefined;
}

/**
 * Tabstack answers with the bare object that was asked for, and with `{error}` when it cannot. 404 means that the page it was to
 * read does not exist; a 404 with a page of HTML is a wrong address of our own.
 */
function judgeTabstack(answer: HttpAnswer): Verdict | undefined {
  const { status } = answer;
  if (status < 400) return undefined;
  const said = saidIn(answer);
  const isPage = "problem" in answer.body && answer.body.problem === "HTML";
  if (status === 404 && !isPage) return { kind: "missing" };
  if ((status === 401 || status === 403) && !isPage)
    return { kind: "fault", fault: "KEY_REFUSED", details: { said } };
  if (status === 402) return { kind: "fault", fault: "QUOTA_USED_UP", details: { said } };
  // Its own trouble with the page (422: fetched, but nothing could be extracted) may pass.
  if (status === 400 || status === 409 || status === 422)
    return { kind: "fault", fault: "REFUSED", details: { said, retryable: status !== 400 } };
  return undefined;
}

/** How Tabstack is asked, and how its answers are judged. */
export const tabstack: Upstream = {
  service: "tabstack",
  baseUrl: (config) => config.TABSTACK_BASE_URL,
  key: (config) => config.TABSTACK_TOKEN ?? "",
  credentials: (key) => ({ headers: { authorization: `Bearer ${key}` } }),
  budget: (config) => ({ rate: config.TABSTACK_RATE_LIMIT }),
  judge: judgeTabstack,
};
