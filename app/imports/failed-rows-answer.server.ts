import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { attachment } from "#app/imports/attachment.ts";
import { noteExport } from "#app/imports/corrections/repair/find-repaired.server.ts";
import { delimiterOf, failedRowsStream } from "#app/imports/export.server.ts";
import { findJob } from "#app/imports/jobs.server.ts";

/**
 * The failed rows of an import as a download. Operators and machines get the same bytes.
 *
 * @throws AppError IMPORT_NOT_FOUND (404)
 */
export async function failedRowsAnswer(db: Kysely<Database>, jobId: string): Promise<Response> {
  const job = await findJob(db, jobId);
  const delimiter = await delimiterOf(db, job.id);
  if (job.failedRows > 0) await noteExport(db, job.id);
  const name = `${job.fileName.replace(/\.[^.]*$/, "")}-failed-rows.csv`;
  return new Response(failedRowsStream(db, { id: job.id, columns: job.columns, delimiter }), {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": attachment(name),
      "x-content-type-options": "nosniff",
    },
  });
}
