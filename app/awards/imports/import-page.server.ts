import { sql } from "kysely";
import { finishImport } from "#app/awards/imports/finish-import.server.ts";
import {
  addPages,
  failPage,
  openImport,
  type PageOfImport,
} from "#app/awards/imports/list-imports.server.ts";
import { offeredWays } from "#app/awards/imports/offered-ways.ts";
import type { PageSource } from "#app/awards/imports/page-source.ts";
import { type Settling, settleEdition, settleListPage } from "#app/awards/imports/settle-page.server.ts";
import { findList, type MovieList } from "#app/awards/lists/lists.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError, Permanent, RetryLater } from "#app/errors.ts";
import { BudgetWait, UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";

export interface PageContext {
  db: Db;
  /** Makes the source of a list's pages. */
  pagesOf: (list: MovieList) => PageSource;
  isTmdbOn: boolean;
  isTabstackOn: boolean;
  isLastAttempt: boolean;
  signal: AbortSignal;
  jobId: string;
}

/** Nothing more will come of this page; its list says why. */
class PageGone extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Imports one page of a list, or one edition of an event (its page is the place within the year). Killed at any point it loses
 * nothing and stores nothing twice: the page and its outcome are one transaction.
 *
 * A page that cannot be had never empties a list: the import says why, and which ways are left. While an upstream is paused the
 * job waits, and goes on by itself unless a newer import has taken its place.
 *
 * @returns statistics
 * @throws Permanent · UpstreamPaused · BudgetWait · UpstreamError
 */
export async function importPage(
  ctx: PageContext,
  payload: {
    listKey: string;
    page: number;
    year?: number | undefined;
    importId?: string | undefined;
  },
): Promise<Record<string, unknown>> {
  const list = await findListOfJob(ctx.db, payload.listKey);
  const at: PageOfImport = { year: list.sourceType === "imdb" ? 0 : (payload.year ?? 0), page: payload.page };
  if (list.sourceType === "imdb_event" && at.year === 0)
    throw new Permanent("YEARS_MISSING", "The job names no year, and an event is imported year by year.");
  const importId = payload.importId ?? (await openForPage(ctx, list, at));
  if (await isSuperseded(ctx.db, list.id, importId)) return { superseded: true };
  if (!(await isWanted(ctx.db, importId, at))) return { notWanted: true };
  try {
    return await readAndSettle(ctx, { list, importId, at, isTmdbOn: ctx.isTmdbOn });
  } catch (error) {
    const gone = await sayWhy(ctx, list, importId, at, error);
    if (gone) return gone;
    throw error instanceof UpstreamError && !error.retryable
      ? new Permanent(whyOf(error).code, error.message, { cause: error })
      : error;
  }
}

async function findListOfJob(db: Db, listKey: string): Promise<MovieList> {
  try {
    return await findList(db, listKey);
  } catch (error) {
    if (error instanceof AppError) throw new Permanent(error.code, error.userMessage);
    throw error;
  }
}

/** A page that other people's SQL has asked for: part of the import that is under way, or an import of this page alone. */
async function openForPage(ctx: PageContext, list: MovieList, at: PageOfImport): Promise<string> {
  return ctx.db.transaction().execute(async (trx) => {
    const { importId } = await openImport(trx, list, {
      trigger: "fetch",
      isWhole: false,
      years: at.year === 0 ? [] : [at.year],
      requestedBy: "queue",
      jobId: ctx.jobId,
    });
    await addPages(trx, importId, [at]);
    return importId;
  });
}

/** Whether a newer import of the list has begun, or this one was stopped. */
async function isSuperseded(db: Db, listId: string, importId: string): Promise<boolean> {
  const { rows } = await sql<{ superseded: boolean }>`
    select id <> ${importId}::bigint or error_code is not distinct from 'STOPPED' as superseded
    from list_imports where list_id = ${listId}::bigint order by id desc limit 1`.execute(db);
  return rows[0]?.superseded ?? true;
}

/** Whether the page is still to be had: not when it is stored, nor when the list has turned out to be shorter. */
async function isWanted(db: Db, importId: string, { year, page }: PageOfImport): Promise<boolean> {
  const row = await db
    .selectFrom("list_import_pages")
    .select("status")
    .where("import_id", "=", importId)
    .where("year", "=", year)
    .where("page", "=", page)
    .executeTakeFirst();
  return row !== undefined && row.status !== "done";
}

async function readAndSettle(ctx: PageContext, settling: Settling): Promise<Record<string, unknown>> {
  const { list, at } = settling;
  const source = ctx.pagesOf(list);
  if (list.sourceType === "imdb") {
    const read = await source.listPage(list.sourceId, at.page);
    if (!read)
      throw new PageGone(
        "LIST_NOT_AT_IMDB",
        `IMDb has no list ${list.sourceId}, or it is private. What was imported before is kept.`,
      );
    const isEmpty = at.page === 1 && read.page.entries.length === 0;
    if (isEmpty)
      throw new PageGone(
        "EMPTY_PAGE",
        "The page names no titles. What was imported before is kept, because an empty page is more often a broken one.",
      );
    return settleListPage(ctx.db, settling, read);
  }
  const read = await source.edition(list.sourceId, at.year, at.page);
  const isEmpty = !read?.page.awards.some((award) =>
    award.categories.some((one) => one.nominations.length > 0),
  );
  if (!read || isEmpty)
    throw new PageGone("NO_EDITION", `IMDb has no nominations of ${at.year} for this event.`);
  return settleEdition(ctx.db, settling, read);
}

/** Writes down why a page is not there. @returns statistics where its job has nothing more to do */
async function sayWhy(
  ctx: PageContext,
  list: MovieList,
  importId: string,
  at: PageOfImport,
  error: unknown,
): Promise<Record<string, unknown> | null> {
  if (ctx.signal.aborted || error instanceof BudgetWait) return null;
  const why = whyOf(error);
  const isWaiting = error instanceof RetryLater && !(error instanceof UpstreamPaused);
  const isFinal =
    error instanceof PageGone ||
    error instanceof AppError ||
    error instanceof UpstreamPaused ||
    (error instanceof UpstreamError && !error.retryable) ||
    (ctx.isLastAttempt && !isWaiting);
  const ways = isFinal && !(error instanceof PageGone) ? ` ${offeredWays(list, ctx)}` : "";
  await ctx.db.transaction().execute(async (trx) => {
    await failPage(trx, importId, at, { code: why.code, message: `${why.message}${ways}`, isFinal });
    await finishImport(trx, importId);
  });
  return error instanceof PageGone || error instanceof AppError ? { failed: why.code } : null;
}

function whyOf(error: unknown): { code: string; message: string } {
  if (error instanceof UpstreamPaused)
    return { code: `${error.service.toUpperCase()}_${error.reasonCode}`, message: error.message };
  if (error instanceof UpstreamError)
    return { code: `${error.service.toUpperCase()}_${error.code}`, message: error.message };
  if (error instanceof AppError) return { code: error.code, message: error.userMessage };
  if (error instanceof PageGone) return { code: error.code, message: error.message };
  if (error instanceof RetryLater) return { code: "WAITING", message: error.message };
  return { code: "UNEXPECTED", message: "The page could not be stored, and the log of the worker says why." };
}
