import type { Kysely } from "kysely";
import { failImport, finishImport } from "#app/awards/imports/finish-import.server.ts";
import {
  addPages,
  openImport,
  type PageOfImport,
  requireActive,
} from "#app/awards/imports/list-imports.server.ts";
import { findList, type MovieList } from "#app/awards/lists/lists.server.ts";
import { yearsOfMetadata } from "#app/awards/lists/years.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError, Permanent } from "#app/errors.ts";
import { enqueue, enqueueMany } from "#app/queue/enqueue.server.ts";

type Trx = Kysely<Database>;

/**
 * Opens an import of a list and queues it, on the caller's transaction.
 *
 * @param asked.years editions of an event; empty: those of its settings
 * @returns the import's id
 * @throws AppError LIST_IMPORT_RUNNING (409) · LIST_INACTIVE (409) · LIST_UPLOAD_ONLY (409) · YEARS_MISSING (422)
 */
export async function startImport(
  trx: Trx,
  list: MovieList,
  asked: { years: readonly number[]; requestedBy: string },
): Promise<string> {
  const years = checkAsked(list, asked.years);
  const { importId, isNew } = await openImport(trx, list, {
    trigger: "fetch",
    isWhole: true,
    years,
    requestedBy: asked.requestedBy,
  });
  if (!isNew) throw importRunning();
  await enqueue(trx, "import_list", {
    listKey: list.sourceKey,
    importId,
    ...(list.sourceType === "imdb_event" ? { years } : {}),
  });
  return importId;
}

export const importRunning = (): AppError =>
  new AppError(
    "LIST_IMPORT_RUNNING",
    409,
    "An import of this list is under way. Wait until it has ended, or stop it first.",
  );

function checkAsked(list: MovieList, asked: readonly number[]): number[] {
  requireActive(list);
  if (list.fetchWay === "upload")
    throw new AppError(
      "LIST_UPLOAD_ONLY",
      409,
      "The pages of this list are uploaded, not fetched. Upload a saved page, or change in its settings how its pages come.",
    );
  if (list.sourceType === "imdb") return [];
  const years = asked.length > 0 ? [...asked] : yearsOfMetadata(list.metadata);
  if (years.length > 0) return years;
  throw new AppError(
    "YEARS_MISSING",
    422,
    "Say which years of the event are to be imported, such as 2024 or 2015-2024.",
    { field: "years" },
  );
}

/**
 * The orchestrator of an import (L-02): queues one job per page, a list's first page or each year of an event; what follows the
 * first page is queued by the page itself, which knows how many there are. An import that is under way is joined, and a job that
 * comes again goes on with its own.
 *
 * @returns statistics
 * @throws Permanent: no such list, or it cannot be imported as asked
 */
export async function planImport(
  { db, jobId }: { db: Db; jobId: string },
  payload: { listKey: string; years?: readonly number[] | undefined; importId?: string | undefined },
): Promise<Record<string, unknown>> {
  try {
    return await db.transaction().execute((trx) => plan(trx, jobId, payload));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The list was changed or put aside after somebody had pressed the button.
    if (payload.importId)
      await failImport(db, payload.importId, { code: error.code, message: error.userMessage });
    throw new Permanent(error.code, error.userMessage);
  }
}

async function plan(
  trx: Trx,
  jobId: string,
  payload: { listKey: string; years?: readonly number[] | undefined; importId?: string | undefined },
): Promise<Record<string, unknown>> {
  const list = await findList(trx, payload.listKey);
  const years = checkAsked(list, payload.years ?? []);
  const { importId, isNew } = payload.importId
    ? { importId: payload.importId, isNew: true }
    : await openImport(trx, list, { trigger: "fetch", isWhole: true, years, requestedBy: "queue", jobId });
  const pages =
    list.sourceType === "imdb" ? [{ year: 0, page: 1 }] : years.map((year) => ({ year, page: 1 }));
  const added = await addPages(trx, importId, pages);
  await enqueuePages(trx, list.sourceKey, importId, added);
  await finishImport(trx, importId);
  return { importId, pages: added.length, ...(isNew ? {} : { joined: true }) };
}

/** Queues pages, a job each. A page that waits already is one job. */
export async function enqueuePages(
  trx: Trx,
  listKey: string,
  importId: string,
  pages: readonly PageOfImport[],
): Promise<void> {
  await enqueueMany(
    trx,
    "import_list_page",
    pages.map(({ year, page }) => ({ listKey, importId, page, ...(year === 0 ? {} : { year }) })),
  );
}
