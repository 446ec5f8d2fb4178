import { allSeries } from "#sandbox/titles/series.ts";

/** So many distinct series' names: those that the sandbox knows once, then names that nobody knows. */
export function seriesTitles(count: number): string[] {
  const known = [...new Set(allSeries.map((series) => series.name))].slice(0, count);
  const unknown = Array.from(
    { length: count - known.length },
    (_, index) => `Unseen Harbour Number ${index + 1}`,
  );
  return [...known, ...unknown];
}
