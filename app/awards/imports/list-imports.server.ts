import { type Kysely, sql } from "kysely";
import type { MovieList } from "#app/awards/lists/lists.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";

type Trx = Kysely<Database>;

export interface OpenedImport {
  importId: string;
  /** False: one of the same list is under way, and this one joins it. */
  isNew: boolean;
}

/**
 * Opens an import of a list, or joins the one that is under way: one at a time.
 *
 * @param asked.jobId the queue job that stands for it, so that a job that comes again meets its own import
 */
export async function openImport(
  trx: Trx,
  list: Pick<MovieList, "id">,
  asked: {
    trigger: "fetch" | "upload_page" | "upload_csv";
    isWhole: boolean;
    years: readonly number[];
    requestedBy: string;
    jobId?: string;
  },
): Promise<OpenedImport> {
  const years = [...asked.years];
  const { rows } = await sql<{ id: string }>`
    insert into list_imports (list_id, trigger_type, is_whole, years, requested_by, queue_job_id)
    select ${list.id}::bigint, ${asked.trigger}, ${asked.isWhole}, ${sql.val(years)}::int[], ${asked.requestedBy},
      ${asked.jobId ?? null}::bigint
    on conflict do nothing returning id`.execute(trx);
  const [opened] = rows;
  if (opened) {
    await sql`
      update movie_lists set last_import_status = 'pending', total_imports = total_imports + 1, updated_at = clock_timestamp()
      where id = ${list.id}::bigint`.execute(trx);
    return { importId: opened.id, isNew: true };
  }
  const known = await trx
    .selectFrom("list_imports")
    .select("id")
    .where("list_id", "=", list.id)
    .where((where) =>
      where.or([where("status", "=", "running"), where("queue_job_id", "=", asked.jobId ?? null)]),
    )
    .orderBy("id", "desc")
    .executeTakeFirst();
  // The one that was in the way has ended this very moment.
  if (!known) return openImport(trx, list, asked);
  return { importId: known.id, isNew: false };
}

/** @throws AppError LIST_INACTIVE (409) */
export function requireActive(list: Pick<MovieList, "active">): void {
  if (!list.active)
    throw new AppError(
      "LIST_INACTIVE",
      409,
      "This list is put aside, so it is not imported. Take it up again first.",
    );
}

export interface PageOfImport {
  /** 0 for lists. */
  year: number;
  page: number;
}

/** Adds pages to an import. @returns those that were not there yet */
export async function addPages(
  trx: Trx,
  importId: string,
  pages: readonly PageOfImport[],
): Promise<PageOfImport[]> {
  if (pages.length === 0) return [];
  const { rows } = await sql<PageOfImport>`
    insert into list_import_pages (import_id, year, page)
    select ${importId}::bigint, year, page from json_to_recordset(${JSON.stringify(pages)}::json) as given (year int, page int)
    on conflict do nothing returning year, page`.execute(trx);
  return rows;
}

/** The list ends with this page: those that were expected after it do not exist. */
export async function dropPagesAfter(
  trx: Trx,
  importId: string,
  { year, page }: PageOfImport,
): Promise<void> {
  await trx
    .deleteFrom("list_import_pages")
    .where("import_id", "=", importId)
    .where("year", "=", year)
    .where("page", ">", page)
    .where("status", "<>", "done")
    .execute();
}

/**
 * Takes the right to store a page, on the transaction that stores it: a page is stored once per import, however often its job
 * comes.
 *
 * @returns false when it is stored already
 */
export async function claimPage(trx: Trx, importId: string, { year, page }: PageOfImport): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("list_import_pages")
    .set({ status: "done", error_code: null, error_message: null, updated_at: sql`clock_timestamp()` })
    .where("import_id", "=", importId)
    .where("year", "=", year)
    .where("page", "=", page)
    .where("status", "<>", "done")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What a claimed page held. */
export async function notePage(
  trx: Trx,
  importId: string,
  { year, page }: PageOfImport,
  held: { found: number; added: number; declared: number | null; way: string },
): Promise<void> {
  await trx
    .updateTable("list_import_pages")
    .set({ found: held.found, declared: held.declared, way: held.way })
    .where("import_id", "=", importId)
    .where("year", "=", year)
    .where("page", "=", page)
    .execute();
  await sql`update list_imports set added = added + ${held.added} where id = ${importId}::bigint`.execute(
    trx,
  );
}

/**
 * Says why a page is not there. With `isFinal` the import goes on, and ends, without it; else its job tries again by itself.
 */
export async function failPage(
  trx: Trx,
  importId: string,
  { year, page }: PageOfImport,
  why: { code: string; message: string; isFinal: boolean },
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable("list_import_pages")
    .set({
      status: why.isFinal ? "failed" : "pending",
      error_code: why.code,
      error_message: why.message,
      updated_at: sql`clock_timestamp()`,
    })
    .where("import_id", "=", importId)
    .where("year", "=", year)
    .where("page", "=", page)
    .where("status", "<>", "done")
    .executeTakeFirst();
  if (numUpdatedRows === 0n || !why.isFinal) return;
  const where = year === 0 ? `Page ${page}` : `${year}${page > 1 ? ` (${page})` : ""}`;
  const entry = { at: new Date().toISOString(), code: why.code, message: `${where}: ${why.message}` };
  await sql`
    update list_imports set errors = (case when jsonb_array_length(errors) < 50 then errors else errors - 0 end)
      || ${JSON.stringify([entry])}::jsonb
    where id = ${importId}::bigint`.execute(trx);
}
