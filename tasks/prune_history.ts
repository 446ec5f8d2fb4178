import { defineTask } from "#app/queue/define-task.server.ts";
import { pruneHistory } from "#app/queue/prune-history.server.ts";
import { pruneImages } from "#app/works/images/prune-images.server.ts";

export default defineTask("prune_history", async (_payload, run) => ({
  ...(await pruneHistory(run.db)),
  images: await pruneImages(run.db, run.config),
}));
