import { defineTask } from "#app/queue/define-task.server.ts";
import { pruneHistory } from "#app/queue/prune-history.server.ts";

export default defineTask("prune_history", (_payload, run) => pruneHistory(run.db));
