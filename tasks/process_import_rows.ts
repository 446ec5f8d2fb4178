import { processRowsOrGiveUp } from "#app/imports/give-up.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("process_import_rows", ({ importJobId, fromRow, toRow }, run) =>
  processRowsOrGiveUp(run, { jobId: importJobId, fromRow, toRow }),
);
