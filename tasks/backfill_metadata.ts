import { startBackfill } from "#app/discovery/backfill/start.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("backfill_metadata", (payload, run) => startBackfill(run, run.jobId, payload));
