/** How far the fetching of a film's quotes is. The names stand in rows and in addresses. */
export const quoteStatuses = ["unasked", "pending", "complete", "none", "suspicious", "failed"] as const;
export type QuoteStatus = (typeof quoteStatuses)[number];

/** What people call them. */
export const quoteStatusLabel: Readonly<Record<QuoteStatus, string>> = {
  unasked: "not fetched",
  pending: "waiting",
  complete: "has quotes",
  none: "none at IMDb",
  suspicious: "suspicious",
  failed: "failed",
};

/** Reads a status out of an address; null when it is none. */
export function readQuoteStatus(value: string | null): QuoteStatus | null {
  return quoteStatuses.find((status) => status === value) ?? null;
}
