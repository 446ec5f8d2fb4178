import { importPageJob } from "#app/awards/imports/import-page-job.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("import_list_page", (payload, run) => importPageJob(run, payload));
