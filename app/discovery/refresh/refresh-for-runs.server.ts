import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import {
  type Film,
  type MemberOutcome,
  noteWaiting,
  settleMembers,
} from "#app/discovery/runs/settle-members.server.ts";
import { isFinal, isLongWait } from "#app/discovery/runs/trouble.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { noteRefreshFailure } from "#app/works/due-dates.server.ts";
import type { FactsConfig } from "#app/works/fetch-facts.server.ts";
import { type Refreshed, refreshWork } from "#app/works/refresh-work.server.ts";

type JobContext = UpstreamContext & { config: FactsConfig; isLastAttempt: boolean };

interface WorkState {
  mediaType: "movie" | "tv";
  tmdbId: number | null;
  /** A run waits for it, and it has not been refreshed since that was planned. */
  isWaitedFor: boolean;
  /** A run waits for it, but it has been refreshed meanwhile: by hand, or by a worker that was killed right after. */
  isDone: boolean;
  isNotDue: boolean;
}

/**
 * The refresh of one work as a job, in one TMDB call, with its outcome in the run that planned it. A work that is not due, and
 * that no run waits for, costs no call.
 *
 * @param force refreshes it in any case
 * @returns statistics
 * @throws BudgetWait · UpstreamPaused · RetryLater · UpstreamError
 */
export async function refreshForRuns(
  ctx: JobContext,
  workId: string,
  force: boolean,
): Promise<Record<string, unknown> | undefined> {
  const state = await readState(ctx.db, workId);
  if (!state) return { skipped: "The work is not in the catalogue any more." };
  const film = state.tmdbId === null ? null : { mediaType: state.mediaType, tmdbId: state.tmdbId };
  if (!force && film && !state.isWaitedFor && (state.isDone || state.isNotDue)) {
    if (state.isDone) await settle(ctx.db, film, { status: "ingested", workId });
    return { skipped: "It is not due: it has been refreshed meanwhile." };
  }
  try {
    const refreshed = await refreshWork({ ...ctx, fresh: true }, workId);
    if (film) await settle(ctx.db, film, outcomeOf(refreshed, workId));
    return refreshed && { ...refreshed };
  } catch (error) {
    await noteTrouble(ctx, { workId, film }, error);
    throw error;
  }
}

async function readState(db: Db, workId: string): Promise<WorkState | undefined> {
  const { rows } = await sql<WorkState>`
    select media_type as "mediaType", tmdb_id as "tmdbId",
      open.planned_at is not null and (last_refreshed_at is null or last_refreshed_at < open.planned_at) as "isWaitedFor",
      coalesce(last_refreshed_at >= open.planned_at, false) as "isDone",
      coalesce(due_at > clock_timestamp(), false) as "isNotDue"
    from works
    left join lateral (
      select planned_at from ingestion_members
      where media_type = works.media_type and tmdb_id = works.tmdb_id and status = 'pending'
    ) as open on true
    where work_id = ${workId}::bigint`.execute(db);
  return rows[0];
}

function settle(db: Db, film: Film, outcome: MemberOutcome): Promise<number> {
  return db.transaction().execute((trx) => settleMembers(trx, film, outcome));
}

function outcomeOf(refreshed: Refreshed | undefined, workId: string): MemberOutcome {
  if (!refreshed)
    return { status: "skipped", reason: "WORK_GONE", message: "The work is not in the catalogue any more." };
  if (refreshed.lost)
    return {
      status: "failed",
      reason: refreshed.lost.kind === "merged" ? "FILM_MERGED" : "FILM_MISSING",
      message: refreshed.note ?? "TMDB has given its id up.",
    };
  if (refreshed.note !== null) return { status: "skipped", reason: "NOBODY_TO_ASK", message: refreshed.note };
  return { status: "ingested", workId };
}

/** After the last attempt the work waits by itself, longer each time; until then the job comes again. */
async function noteTrouble(
  ctx: JobContext,
  { workId, film }: { workId: string; film: Film | null },
  error: unknown,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  if (film && isLongWait(error)) return noteWaiting(ctx.db, film, message);
  if (!isFinal(error, ctx)) return;
  const reason = error instanceof Error && "code" in error ? String(error.code) : "UNEXPECTED";
  await ctx.db.transaction().execute(async (trx) => {
    await noteRefreshFailure(trx, workId, "failed", message);
    if (film) await settleMembers(trx, film, { status: "failed", reason, message });
  });
}
