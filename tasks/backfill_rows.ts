import { processBackfillRows } from "#app/discovery/backfill/process.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("backfill_rows", (range, run) => processBackfillRows(run, range));
