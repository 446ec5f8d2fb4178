import { defineTask } from "#app/queue/define-task.server.ts";
import { rehostImages } from "#app/works/images/rehost-images.server.ts";

export default defineTask("rehost_images", async ({ workId }, run) => {
  const done = await rehostImages({ db: run.db, config: run.config, signal: run.signal }, String(workId));
  return done && { ...done };
});
