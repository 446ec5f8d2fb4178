import { applyBulkAction } from "#app/queue/bulk-actions.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("apply_bulk_action", async ({ bulkActionId }, run) => {
  await applyBulkAction(run.db, bulkActionId, run);
  return undefined;
});
