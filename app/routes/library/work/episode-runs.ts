import type { WorkSeason } from "#app/works/work-detail.server.ts";

/** Episodes that follow one another and have the same fate. */
export interface EpisodeRun {
  from: number;
  to: number;
  seen: boolean;
}

/**
 * A season as runs of seen and not seen episodes, from episode 1 to the last that TMDB lists or that was seen. Episodes known
 * by title alone are in none; without a number anywhere there are no runs, for nothing can be said to be missing.
 *
 * Works on the seen numbers alone: some exports number episodes by their date, and nobody wants twenty million cells.
 */
export function episodeRuns(season: Pick<WorkSeason, "episodeCount" | "episodes">): EpisodeRun[] {
  const numbers = season.episodes.flatMap(({ number }) => (number === null || number < 1 ? [] : [number]));
  if (numbers.length === 0 && season.episodes.length > 0) return [];
  const seen = [...new Set(numbers)].sort((a, b) => a - b);
  const last = Math.max(season.episodeCount ?? 0, seen.at(-1) ?? 0);
  const runs: EpisodeRun[] = [];
  let next = 1;
  for (const number of seen) {
    if (number > next) runs.push({ from: next, to: number - 1, seen: false });
    const before = runs.at(-1);
    if (before?.seen && before.to === number - 1) before.to = number;
    else runs.push({ from: number, to: number, seen: true });
    next = number + 1;
  }
  if (next <= last) runs.push({ from: next, to: last, seen: false });
  return runs;
}

/** The episodes of a run, one by one. */
export function episodesOf({ from, to }: EpisodeRun): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** How many episodes the runs hold. */
export function runsLength(runs: readonly EpisodeRun[]): number {
  return (runs.at(-1)?.to ?? 0) - (runs[0]?.from ?? 1) + 1;
}

/** "1–3, 5": the runs of one fate in words; null when there are none. */
export function runWords(runs: readonly EpisodeRun[], seen: boolean): string | null {
  const words = runs
    .filter((run) => run.seen === seen)
    .map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  return words.length === 0 ? null : words.join(", ");
}
