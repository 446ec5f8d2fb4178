/** What a work's kind is called. */
export const kindWords = { movie: "film", tv: "series" } as const;

/** How well a work is known: by its TMDB id, its IMDb id alone, or only by the name that stood in a file. */
export function matchWord(work: { tmdbId: number | null; imdbId: string | null }): string {
  if (work.tmdbId !== null) return "matched";
  return work.imdbId === null ? "own name only" : "IMDb id only";
}
