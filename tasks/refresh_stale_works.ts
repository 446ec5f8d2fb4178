import { refreshStaleWorks } from "#app/discovery/refresh/refresh-stale-works.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("refresh_stale_works", ({ limit, _cron: cron }, run) =>
  refreshStaleWorks(run, { limit, triggerType: cron ? "scheduled" : "manual" }),
);
