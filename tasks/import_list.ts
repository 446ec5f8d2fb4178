import { planImport } from "#app/awards/imports/start-import.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("import_list", (payload, run) => planImport(run, payload));
