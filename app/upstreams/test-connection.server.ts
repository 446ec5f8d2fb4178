import { AppError } from "#app/errors.ts";
import { withCallContext } from "#app/upstreams/call-log.server.ts";
import { CONNECTION_TESTS } from "#app/upstreams/connection-tests.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { BudgetWait, UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";
import { type Service, serviceInfo } from "#app/upstreams/services.ts";

/** What the call log names as the task of such calls. */
const TEST_TASK = "connection_test";

export interface TestResult {
  ok: boolean;
  /** The last request alone, in milliseconds, without what it waited for; null when none was sent. */
  ms: number | null;
  /** What went wrong, as a code; null when nothing did. */
  code: string | null;
  /** What happened and what to do, for people. */
  message: string;
}

/**
 * Asks a service one real question, also past an open circuit. A refusal has its usual consequences: a refused key opens the
 * circuit. Success closes nothing.
 *
 * @throws AppError UPSTREAM_OFF, and what is no upstream's fault
 */
export async function testConnection(
  { db, config }: Pick<UpstreamContext, "db" | "config">,
  service: Service,
): Promise<TestResult> {
  const { label } = serviceInfo(service);
  const test = CONNECTION_TESTS[service];
  let ms: number | null = null;
  const ctx: UpstreamContext = {
    db,
    config,
    priority: "interactive",
    pastCircuit: true,
    onRequest: (durationMs) => {
      ms = Math.round(durationMs);
    },
  };
  try {
    await withCallContext({ task: TEST_TASK }, () => test.ask(ctx));
    const proven = test.leavesOpen === null ? " and takes the key." : `. ${test.leavesOpen}`;
    return { ok: true, ms, code: null, message: `${label} answered${took(ms)}${proven}` };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof UpstreamPaused)
      return { ok: false, ms, code: error.reasonCode, message: error.message };
    if (error instanceof BudgetWait)
      return { ok: false, ms, code: error.reason, message: `${error.message} No call was made.` };
    if (error instanceof UpstreamError)
      return { ok: false, ms, code: error.code, message: `${error.message.slice(0, -1)}${took(ms)}.` };
    throw error;
  }
}

function took(ms: number | null): string {
  return ms === null ? "" : ` within ${ms} ms`;
}
