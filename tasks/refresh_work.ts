import { defineTask } from "#app/queue/define-task.server.ts";
import { refreshWork } from "#app/works/refresh-work.server.ts";

export default defineTask("refresh_work", ({ workId, force = false }, run) =>
  refreshWork({ db: run.db, config: run.config, signal: run.signal, fresh: force }, String(workId)),
);
