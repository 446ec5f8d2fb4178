import { type QuoteStatus, quoteStatusLabel } from "#app/quotes/quote-status.ts";
import { Status, type StatusName } from "#app/ui/status.tsx";

/** The colour that carries the meaning of a state. */
export const quoteTone: Readonly<Record<QuoteStatus, StatusName>> = {
  unasked: "skipped",
  pending: "pending",
  complete: "completed",
  none: "skipped",
  suspicious: "review",
  failed: "failed",
};

/** How far the quotes of a film are. */
export function QuoteState({ status }: { status: QuoteStatus }) {
  return <Status status={quoteTone[status]} label={quoteStatusLabel[status]} />;
}
