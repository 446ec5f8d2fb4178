import type { Resolution } from "#app/matching/resolution.ts";

/** In what a title differs from the row that it was accepted for. */
export type Difference = "title" | "year";

const sameName: ReadonlySet<string> = new Set(["exact", "original"]);
const otherYear: ReadonlySet<string> = new Set(["near", "far"]);

/**
 * In what an accepted title differs from what the row says (M-05): its name is neither the row's nor is its original one; its year
 * is another one. What an operator has decided differs from nothing.
 */
export function differencesOf(match: Resolution): Difference[] {
  if (match.strategy === "alias" || match.tmdbId === null) return [];
  const found = match.candidates.find(
    (candidate) => candidate.tmdbId === match.tmdbId && candidate.mediaType === match.mediaType,
  );
  if (!found) return [];
  return [
    ...(sameName.has(found.signals.title) ? [] : (["title"] as const)),
    ...(otherYear.has(found.signals.year) ? (["year"] as const) : []),
  ];
}
