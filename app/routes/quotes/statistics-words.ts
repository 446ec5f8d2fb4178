import { formatCount } from "#app/ui/format.ts";

/** The numbers of a fetch that say something, in the order in which they matter. */
const FIGURES = [
  ["quotesImported", "new"],
  ["quotesUpdated", "updated"],
  ["quotesUnchanged", "as before"],
  ["quotesSkipped", "skipped"],
  ["charactersCreated", "new characters"],
] as const;

/**
 * What a fetch did: `12 new · 3 skipped · 5 new characters`.
 *
 * @param statistics of a run, as its task left them
 */
export function statisticsWords(statistics: Record<string, unknown> | null): string {
  if (statistics === null) return "–";
  if (typeof statistics.reason === "string") return statistics.reason;
  if (statistics.quotesFound === 0) return "IMDb has none";
  const figures = FIGURES.flatMap(([name, words]) => {
    const value = Number(statistics[name] ?? 0);
    return value > 0 ? [`${formatCount(value)} ${words}`] : [];
  });
  return figures.join(" · ") || "–";
}
