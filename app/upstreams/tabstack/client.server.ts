import { z } from "zod";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import type { Deadlines } from "#app/upstreams/http.server.ts";
import { tabstack } from "#app/upstreams/tabstack/definition.server.ts";
import { ask } from "#app/upstreams/upstream.server.ts";

const EXTRACT = "/v1/extract/json";

/**
 * It opens the page in a browser and has a model read it before the first byte of an answer comes: seconds as a rule, a minute
 * and more for a long page.
 */
const DEADLINES: Partial<Deadlines> = { headersMs: 150_000, bodyMs: 30_000, totalMs: 180_000 };

export interface Extraction<T> {
  /** The page to read. */
  pageUrl: string;
  /** What the answer is to look like, as JSON Schema. */
  jsonSchema: Record<string, unknown>;
  /** The same, to hold the answer against. */
  shape: z.ZodType<T>;
}

/**
 * Reads a page as data. Never kept: pages are asked about once in a while, and who asks again wants to know what is there now.
 *
 * @returns null when the page does not exist
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError, BAD_ANSWER also for another shape
 */
export async function extractJson<T>(ctx: UpstreamContext, extraction: Extraction<T>): Promise<T | null> {
  try {
    return await ask({ ...ctx, deadlines: { ...DEADLINES, ...ctx.deadlines } }, tabstack, {
      method: "POST",
      isRead: true,
      endpoint: EXTRACT,
      path: EXTRACT,
      json: { url: extraction.pageUrl, json_schema: extraction.jsonSchema },
      shape: extraction.shape,
    });
  } catch (error) {
    if (error instanceof UpstreamError && error.detail === "NOT_FOUND") return null;
    throw error;
  }
}

/**
 * Sends a request without a question. Tabstack looks at the token first and then refuses the rest, so the token is proven and no
 * page is paid for.
 *
 * @throws as `extractJson`
 */
export function sendEmptyRequest(ctx: UpstreamContext): Promise<unknown> {
  return ask(
    ctx,
    {
      ...tabstack,
      judge: (answer) =>
        answer.status === 400 && "value" in answer.body
          ? { kind: "good", value: answer.body.value }
          : tabstack.judge(answer),
    },
    {
      method: "POST",
      isRead: true,
      endpoint: EXTRACT,
      path: EXTRACT,
      json: {},
      shape: z.object({ error: z.string() }),
    },
  );
}
