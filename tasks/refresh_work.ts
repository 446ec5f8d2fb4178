import { refreshForRuns } from "#app/discovery/refresh/refresh-for-runs.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("refresh_work", ({ workId, force = false }, run) =>
  refreshForRuns(run, String(workId), force),
);
