import { applyBulkAction } from "#app/queue/apply-bulk-action.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("apply_bulk_action", async ({ bulkActionId }, run) => {
  await applyBulkAction(run.db, bulkActionId, run);
  return undefined;
});
