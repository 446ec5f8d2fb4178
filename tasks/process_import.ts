import { startImport } from "#app/imports/start.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("process_import", ({ importJobId }, run) => startImport(run, importJobId));
