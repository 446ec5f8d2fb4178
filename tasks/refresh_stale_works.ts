import { refreshStaleWorks } from "#app/discovery/refresh/refresh-stale-works.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("refresh_stale_works", ({ limit, _schedule: schedule }, run) =>
  refreshStaleWorks(run, { limit, triggerType: schedule ? "scheduled" : "manual" }),
);
