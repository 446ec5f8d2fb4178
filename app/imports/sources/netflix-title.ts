import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { type EpisodeTitle, parseEpisodeTitle, spacedTitle } from "#app/matching/episode-title.ts";
import { longestTitle, quoted, type RowReader } from "./row-reader.ts";

type TitleFields = Pick<NormalizedRow, "title"> &
  Partial<Pick<NormalizedRow, "kind" | "season" | "episode" | "episodeTitle" | "seriesReading">>;

/**
 * Film, or show with season and episode, from the one cell in which Netflix writes them all. What could be both keeps its
 * whole title and says in `seriesReading` what it would be as an episode.
 */
export function readNetflixTitle(read: RowReader, column: string): TitleFields {
  const title = spacedTitle(read.title(column));
  // Refused already; taking apart what nobody will use is not worth its time.
  if (title === "" || title.length > 2 * longestTitle) return { title };
  const parsed = parseEpisodeTitle(title);
  if (parsed === null) {
    read.refuse({
      code: "SHOW_MISSING",
      column,
      message: `${quoted(title)} does not name its show. Write the name in front of the colon and retry the row.`,
    });
    return { title };
  }
  return fieldsOf(title, parsed);
}

function fieldsOf(title: string, parsed: EpisodeTitle): TitleFields {
  const { show, season, seasonLabel, episode, episodeTitle, structure } = parsed;
  switch (structure) {
    case "film":
      return { title: show, kind: "movie" };
    case "episode":
      return { title: show, kind: "tv", season, episode, episodeTitle };
    case "either":
      return { title, kind: null, seriesReading: { show, season, seasonLabel, episode, episodeTitle } };
  }
}
