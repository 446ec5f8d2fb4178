import { appContext } from "#app/context.server.ts";
import { csvStream } from "#app/csv/csv-stream.ts";
import { attachment } from "#app/imports/attachment.ts";
import { findJob } from "#app/imports/jobs.server.ts";
import { undoReport } from "#app/imports/undo/undo-report.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";

const methods = byMethod({ GET: download });
export const loader = methods;
export const action = methods;

/** `GET /imports/:jobId/undo.csv`: all that an import made, and what became of each when it was undone. */
async function download({ params }: DoorArgs): Promise<Response> {
  const { db } = appContext();
  const job = await findJob(db, params.jobId ?? "");
  return new Response(csvStream(undoReport(db, job.id)), {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": attachment(`${job.fileName.replace(/\.[^.]*$/, "")}-undone.csv`),
      "x-content-type-options": "nosniff",
    },
  });
}
