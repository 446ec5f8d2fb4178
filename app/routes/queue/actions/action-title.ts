import type { BulkActionView } from "#app/queue/bulk-actions.server.ts";
import { formatDuration, formatMoment } from "#app/ui/format.ts";

/** What a bulk action does: `Retry`, `Set priority 5`, `Reschedule for 1 h later`. */
export function actionTitle({ action, parameters }: Pick<BulkActionView, "action" | "parameters">): string {
  switch (action) {
    case "retry":
      return "Retry";
    case "run_now":
      return "Run now";
    case "reschedule":
      return `Reschedule${timeOf(parameters.at)}`;
    case "set_priority":
      return `Set priority ${String(parameters.priority)}`;
    case "discard":
      return "Discard";
  }
}

function timeOf(at: unknown): string {
  if (typeof at !== "object" || at === null) return "";
  if ("delayMs" in at) return ` for ${formatDuration(Number(at.delayMs))} later`;
  return "moment" in at ? ` for ${formatMoment(String(at.moment))}` : "";
}
