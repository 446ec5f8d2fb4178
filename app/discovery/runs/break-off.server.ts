import { endThisRun, noteTrouble } from "#app/discovery/runs/runs.server.ts";
import { isFinal, isLongWait } from "#app/discovery/runs/trouble.ts";
import { AppError } from "#app/errors.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";

/** A page that fails in so many attempts of the job is left out and named, so that the others are not held up for an hour. */
export const PAGE_ATTEMPTS = 3;

/** What planning tasks need of their job. */
export interface PlanContext extends UpstreamContext {
  jobId: string;
  attempt: number;
  isLastAttempt: boolean;
}

/**
 * What a run says when its planning breaks off. TMDB is off: it ends, and the job with it. Paused: it ends as well, and is
 * opened again when the job comes back. Else it is tried again, and fails with its last attempt.
 *
 * @returns statistics of a job that has nothing left to do
 * @throws what it was given, in every other case
 */
export async function sayWhy(
  ctx: PlanContext,
  runId: string,
  error: unknown,
): Promise<Record<string, unknown>> {
  if (error instanceof AppError && error.code === "UPSTREAM_OFF") {
    await endThisRun(ctx.db, runId, { code: error.code, message: error.userMessage });
    return { runId, note: error.userMessage };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (isLongWait(error))
    await endThisRun(ctx.db, runId, { code, message: `${message} The run goes on by itself afterwards.` });
  else if (isFinal(error, ctx)) await endThisRun(ctx.db, runId, { code, message });
  else await noteTrouble(ctx.db, runId, { code, message: `${message} It is tried again.` });
  throw error;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "reasonCode" in error) return String(error.reasonCode);
  return error instanceof Error && "code" in error ? String(error.code) : "UNEXPECTED";
}
