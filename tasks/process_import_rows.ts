import { processRows } from "#app/imports/process.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("process_import_rows", ({ importJobId, fromRow, toRow }, run) =>
  processRows(run, { jobId: importJobId, fromRow, toRow }),
);
