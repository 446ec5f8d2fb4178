import type { z } from "zod";
import { retryAfterMs } from "#app/upstreams/budget.server.ts";
import { UpstreamError, type UpstreamErrorDetails, type UpstreamFault } from "#app/upstreams/errors.ts";
import type { HttpAnswer } from "#app/upstreams/http.server.ts";
import type { Service } from "#app/upstreams/services.ts";

/**
 * What an answer means. `missing`: the upstream works and does not know what was asked for. Only a service's own judge says
 * so, by its own words: a bare 404 is just as well a wrong address, and must not be kept as "no such film".
 */
export type Verdict =
  | { kind: "good"; value: unknown }
  | { kind: "missing" }
  | { kind: "fault"; fault: UpstreamFault; details?: UpstreamErrorDetails };

/** A service's own reading of an answer, asked before the general rules; undefined leaves it to them. */
export type Judge = (answer: HttpAnswer) => Verdict | undefined;

function isChallenge(answer: HttpAnswer): boolean {
  const headers = answer.headers;
  if (headers["cf-mitigated"] === "challenge" || headers["x-amzn-waf-action"] !== undefined) return true;
  // A firewall's 403 is a page; an API's own 403 is JSON.
  return (
    (answer.status === 403 && "problem" in answer.body && answer.body.problem === "HTML") ||
    (answer.status === 202 && "problem" in answer.body && answer.body.problem === "EMPTY")
  );
}

function judgeStatus(answer: HttpAnswer): Verdict | undefined {
  const { status } = answer;
  const retryAfter = retryAfterMs(answer.headers["retry-after"]);
  if (isChallenge(answer)) return { kind: "fault", fault: "CHALLENGED" };
  if (status === 429) return { kind: "fault", fault: "RATE_LIMITED", details: { retryAfterMs: retryAfter } };
  if (status === 401) return { kind: "fault", fault: "KEY_REFUSED" };
  if (status === 402) return { kind: "fault", fault: "QUOTA_USED_UP" };
  if (status === 408) return { kind: "fault", fault: "TIMEOUT", details: { retryAfterMs: retryAfter } };
  if (status >= 500) return { kind: "fault", fault: "HTTP_5XX", details: { retryAfterMs: retryAfter } };
  if (status >= 400) return { kind: "fault", fault: "REFUSED" };
  return undefined;
}

/** Reads an answer by the service's rules, then by those that hold everywhere. */
export function judge(answer: HttpAnswer, own: Judge): Verdict {
  const verdict = own(answer) ?? judgeStatus(answer);
  if (verdict) return verdict;
  return "problem" in answer.body
    ? { kind: "fault", fault: "BAD_ANSWER", details: { detail: answer.body.problem } }
    : { kind: "good", value: answer.body.value };
}

/**
 * Parses a good answer's body into the shape that was asked for. Shapes let unknown keys pass.
 *
 * @throws UpstreamError BAD_ANSWER naming the first place that does not fit, never its content
 */
export function parseShape<T>(
  service: Service,
  shape: z.ZodType<T>,
  value: unknown,
  details: UpstreamErrorDetails,
): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue ? `${issue.path.join(".") || "body"}: ${issue.code}` : "shape";
  throw new UpstreamError(service, "BAD_ANSWER", { ...details, detail: place });
}

/** Takes secrets out of text that an upstream wrote: some echo the key that they refuse. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret) clean = clean.replaceAll(secret, "[redacted]");
  return clean.slice(0, 500);
}
