import { type Answer, json } from "../answer.ts";
import type { Library } from "../titles/library.ts";
import { tmdbError } from "./errors.ts";
import { filmItem, seriesItem } from "./items.ts";

const SOURCES = new Set([
  "imdb_id",
  "tvdb_id",
  "wikidata_id",
  "facebook_id",
  "instagram_id",
  "twitter_id",
  "tiktok_id",
  "youtube_id",
]);

/** GET /find/{external id}: five arrays; an id nobody knows is 200 with all five empty. */
export function find(library: Library, externalId: string, query: URLSearchParams): Answer {
  const source = query.get("external_source") ?? "";
  if (!SOURCES.has(source)) return tmdbError(5);
  const film = source === "imdb_id" ? library.filmByImdbId(externalId) : null;
  const series =
    source === "imdb_id"
      ? library.seriesByImdbId(externalId)
      : source === "tvdb_id"
        ? library.seriesByTvdbId(Number(externalId))
        : null;
  return json(200, {
    movie_results: film === null ? [] : [{ ...filmItem(film), media_type: "movie" }],
    person_results: [],
    tv_results: series === null ? [] : [{ ...seriesItem(series), media_type: "tv" }],
    tv_episode_results: [],
    tv_season_results: [],
  });
}
