import type { BulkActionView } from "#app/queue/bulk-actions.server.ts";

/** What a bulk action does: `Retry`, `Set priority 5`. */
export function actionTitle({ action, parameters }: Pick<BulkActionView, "action" | "parameters">): string {
  switch (action) {
    case "retry":
      return "Retry";
    case "run_now":
      return "Run now";
    case "reschedule":
      return "Reschedule";
    case "set_priority":
      return `Set priority ${String(parameters.priority)}`;
    case "discard":
      return "Discard";
  }
}
