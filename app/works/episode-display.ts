/**
 * What a list says about a series: "45/276 episodes" when the total is known, "45 episodes" when not, nothing for films
 * (S-04, seed 001 phase 5). Specials are in neither number.
 */
export function episodeDisplay(work: {
  mediaType: "movie" | "tv";
  watched: number;
  total: number | null;
}): string | null {
  if (work.mediaType !== "tv") return null;
  const noun = (work.total ?? work.watched) === 1 ? "episode" : "episodes";
  return work.total ? `${work.watched}/${work.total} ${noun}` : `${work.watched} ${noun}`;
}
