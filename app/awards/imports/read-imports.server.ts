import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";

/** An import of a list as its page shows it. */
export interface ListImportView {
  id: string;
  status: "running" | "completed" | "partial" | "failed";
  trigger: "fetch" | "upload_page" | "upload_csv";
  years: number[];
  pagesTotal: number;
  pagesDone: number;
  pagesFailed: number;
  declared: number | null;
  found: number;
  added: number;
  gone: number;
  errors: { at: string; code: string; message: string }[];
  errorCode: string | null;
  errorMessage: string | null;
  requestedBy: string;
  startedAt: Date;
  finishedAt: Date | null;
}

/** Newest first. */
export function listImports(db: Kysely<Database>, listId: string, limit = 20): Promise<ListImportView[]> {
  return db
    .selectFrom("list_imports")
    .select([
      "id",
      "status",
      "trigger_type as trigger",
      "years",
      "declared",
      "found",
      "added",
      "gone",
      "errors",
    ])
    .select(["pages_total as pagesTotal", "pages_done as pagesDone", "pages_failed as pagesFailed"])
    .select(["error_code as errorCode", "error_message as errorMessage", "requested_by as requestedBy"])
    .select(["started_at as startedAt", "finished_at as finishedAt"])
    .where("list_id", "=", listId)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** What pages of an import that is under way wait for: those that were tried and will be again. */
export async function waitingPages(
  db: Kysely<Database>,
  importId: string,
): Promise<{ year: number; page: number; message: string }[]> {
  const rows = await db
    .selectFrom("list_import_pages")
    .select(["year", "page", "error_message as message"])
    .where("import_id", "=", importId)
    .where("status", "=", "pending")
    .where("error_message", "is not", null)
    .orderBy("year")
    .orderBy("page")
    .limit(10)
    .execute();
  return rows.map((row) => ({ ...row, message: row.message ?? "" }));
}
