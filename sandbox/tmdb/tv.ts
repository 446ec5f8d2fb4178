import { stableNumber } from "../stable-hash.ts";
import type { Series } from "../titles/series.ts";
import type { SubResources } from "./append.ts";
import { genres } from "./genres.ts";
import { imagePath } from "./image-paths.ts";
import { seriesItem } from "./items.ts";
import { creators, credits } from "./people.ts";
import { pictures } from "./pictures.ts";
import { countryName, languageName } from "./places.ts";
import { watchProviders } from "./providers.ts";

function seasons(series: Series): Record<string, unknown>[] {
  const firstYear = Number(series.firstAired.slice(0, 4));
  const one = (number: number, episodes: number) => ({
    air_date:
      number === 1
        ? series.firstAired
        : number === 0
          ? null
          : `${firstYear + number - 1}${series.firstAired.slice(4)}`,
    episode_count: episodes,
    id: series.id * 100 + number,
    name: number === 0 ? "Specials" : `Season ${number}`,
    overview: "",
    poster_path: number === 0 ? null : imagePath("poster", `tv${series.id}s${number}`),
    season_number: number,
    vote_average: number === 0 ? 0 : series.voteAverage,
  });
  const regular = series.episodesPerSeason.map((episodes, at) => one(at + 1, episodes));
  return series.specials === 0 ? regular : [one(0, series.specials), ...regular];
}

function lastEpisode(series: Series): Record<string, unknown> {
  return {
    id: 6_000_000 + series.id,
    name: `Episode ${series.episodesPerSeason.at(-1) ?? 0}`,
    overview: "",
    vote_average: 0,
    vote_count: 0,
    air_date: series.lastAired,
    episode_number: series.episodesPerSeason.at(-1) ?? 0,
    episode_type: series.status === "Ended" ? "finale" : "standard",
    production_code: "",
    runtime: null,
    season_number: series.episodesPerSeason.length,
    show_id: series.id,
    still_path: null,
  };
}

/** GET /tv/{id}. Season 0 is listed but counts neither in number_of_seasons nor in number_of_episodes. */
export function tvDetails(series: Series): Record<string, unknown> {
  return {
    ...seriesItem(series),
    genre_ids: undefined,
    created_by: creators(`tv:${series.id}`, series.createdBy),
    episode_run_time: [],
    genres: genres(series.genres),
    homepage: "",
    in_production: series.status === "Returning Series",
    languages: [series.language],
    last_air_date: series.lastAired,
    last_episode_to_air: lastEpisode(series),
    next_episode_to_air: null,
    networks: [
      {
        id: 1 + stableNumber(series.network, 5000),
        logo_path: null,
        name: series.network,
        origin_country: series.country,
      },
    ],
    number_of_episodes: series.episodesPerSeason.reduce((sum, episodes) => sum + episodes, 0),
    number_of_seasons: series.episodesPerSeason.length,
    production_companies: [],
    production_countries: [{ iso_3166_1: series.country, name: countryName(series.country) }],
    seasons: seasons(series),
    spoken_languages: [
      {
        english_name: languageName(series.language),
        iso_639_1: series.language,
        name: languageName(series.language),
      },
    ],
    status: series.status,
    tagline: "",
    type: "Scripted",
  };
}

/** Everything under /tv/{id}/… . Only here has a series an IMDb id: details carry none. */
export function tvParts(series: Series, query: URLSearchParams): SubResources {
  return {
    external_ids: () => ({
      imdb_id: series.imdbId,
      freebase_mid: null,
      freebase_id: null,
      tvdb_id: series.tvdbId,
      tvrage_id: null,
      wikidata_id: null,
      facebook_id: null,
      instagram_id: null,
      twitter_id: null,
    }),
    alternative_titles: () => ({
      results: series.alternativeNames.map((title) => ({ iso_3166_1: "US", title, type: "" })),
    }),
    credits: () => credits(`tv:${series.id}`, [], []),
    aggregate_credits: () => credits(`tv:${series.id}`, [], []),
    content_ratings: () => ({ results: [{ descriptors: [], iso_3166_1: "US", rating: "TV-14" }] }),
    images: () => pictures(`tv${series.id}`, true, query),
    keywords: () => ({
      results: series.genres.map((name) => ({
        id: 300_000 + stableNumber(name, 9000),
        name: name.toLowerCase(),
      })),
    }),
    videos: () => ({ results: [] }),
    "watch/providers": () => watchProviders("tv", series.id),
  };
}
