import { z } from "zod";
import {
  byCountry,
  day,
  flag,
  imdbTitleId,
  list,
  number,
  part,
  positive,
  sideList,
  text,
  word,
} from "#app/upstreams/lenient.ts";

/**
 * What is read from TMDB v3. Only `id` and a name are relied on; everything else may be missing, null, empty or of an old
 * type. Keys that are not named here are dropped. The names are TMDB's.
 */
const id = z.number().int().positive().max(2_147_483_647);
const name = word;

const searchMovieItem = z.object({
  id,
  title: name,
  original_title: text,
  original_language: text,
  release_date: day,
  overview: text,
  poster_path: text,
  backdrop_path: text,
  genre_ids: sideList(z.number().int()),
  popularity: number,
  vote_average: number,
  vote_count: number,
  adult: flag,
  video: flag,
});

const searchSeriesItem = z.object({
  id,
  name,
  original_name: text,
  original_language: text,
  first_air_date: day,
  overview: text,
  poster_path: text,
  backdrop_path: text,
  genre_ids: sideList(z.number().int()),
  origin_country: sideList(word),
  popularity: number,
  vote_average: number,
  vote_count: number,
});

export type TmdbMovieItem = z.infer<typeof searchMovieItem>;
export type TmdbSeriesItem = z.infer<typeof searchSeriesItem>;

function pageOf<T>(item: z.ZodType<T>) {
  return z.object({ page: number, results: list(item), total_pages: number, total_results: number });
}

export const movieSearchPage = pageOf(searchMovieItem);
export const seriesSearchPage = pageOf(searchSeriesItem);

/** Trending says what each item is, and mixes kinds now and then: what has no `title` is left out by itself. */
const listItem = searchMovieItem.extend({ media_type: text, softcore: flag });

/** A page of popular, now playing or trending films. Pages shift while they are read: an id may come twice, or not at all. */
export const movieListPage = pageOf(listItem);

export type TmdbMovieListItem = z.infer<typeof listItem>;
export type TmdbMovieList = z.infer<typeof movieListPage>;

/** `adult` is null where TMDB has nothing on the id any more: expect a 404 for its details. */
const change = z.object({
  id,
  adult: z
    .boolean()
    .nullish()
    .catch(null)
    .transform((value) => value ?? null),
});

export const changesPage = pageOf(change);

export type TmdbChanges = z.infer<typeof changesPage>;

export type TmdbMovieSearch = z.infer<typeof movieSearchPage>;
export type TmdbSeriesSearch = z.infer<typeof seriesSearchPage>;

const genre = z.object({ id: z.number().int(), name });
const company = z.object({ id: z.number().int(), name, logo_path: text, origin_country: text });
const country = z.object({ iso_3166_1: z.string().regex(/^[A-Z]{2}$/), name: text });
const language = z.object({ iso_639_1: word, english_name: text, name: text });

const castMember = z.object({
  id,
  name,
  original_name: text,
  gender: number,
  profile_path: text,
  character: text,
  credit_id: text,
  order: number,
});
const crewMember = z.object({
  id,
  name,
  gender: number,
  profile_path: text,
  department: text,
  job: text,
  credit_id: text,
});
const credits = z.object({ cast: sideList(castMember), crew: sideList(crewMember) });

const video = z.object({
  id: text,
  key: word,
  name: text,
  site: text,
  type: text,
  official: flag,
  size: number,
  iso_639_1: text,
  published_at: text,
});

const image = z.object({
  file_path: word,
  width: number,
  height: number,
  aspect_ratio: number,
  iso_639_1: text,
  vote_average: number,
  vote_count: number,
});
const images = z.object({ backdrops: sideList(image), logos: sideList(image), posters: sideList(image) });

const releaseDate = z.object({ certification: text, note: text, release_date: text, type: number });
const releaseDates = z.object({
  results: sideList(z.object({ iso_3166_1: word, release_dates: sideList(releaseDate) })),
});

const keyword = z.object({ id: z.number().int(), name });
/** Films call the list `keywords`, series call it `results`. */
const keywords = z.object({ keywords: sideList(keyword), results: sideList(keyword) });

const provider = z.object({
  provider_id: z.number().int(),
  provider_name: name,
  logo_path: text,
  display_priority: number,
});
const providers = z.object({
  link: text,
  flatrate: sideList(provider),
  rent: sideList(provider),
  buy: sideList(provider),
  ads: sideList(provider),
  free: sideList(provider),
});
const watchProviders = z.object({ results: byCountry(providers) });

const externalIds = z.object({
  imdb_id: imdbTitleId,
  wikidata_id: text,
  tvdb_id: number,
  facebook_id: text,
  instagram_id: text,
  twitter_id: text,
});

const alternativeTitle = z.object({ iso_3166_1: text, title: name, type: text });
/** Films call the list `titles`, series call it `results`. */
const alternativeTitles = z.object({
  titles: sideList(alternativeTitle),
  results: sideList(alternativeTitle),
});

const collection = z.object({ id, name: text, poster_path: text, backdrop_path: text });

/** What films and series have in common. */
const details = {
  id,
  original_language: text,
  overview: text,
  tagline: text,
  status: text,
  homepage: text,
  poster_path: text,
  backdrop_path: text,
  adult: flag,
  popularity: number,
  vote_average: number,
  vote_count: number,
  genres: sideList(genre),
  production_companies: sideList(company),
  production_countries: sideList(country),
  spoken_languages: sideList(language),
  origin_country: sideList(word),
  credits: part(credits),
  videos: part(z.object({ results: sideList(video) })),
  images: part(images),
  keywords: part(keywords),
  external_ids: part(externalIds),
  alternative_titles: part(alternativeTitles),
  "watch/providers": part(watchProviders),
};

export const movieDetails = z.object({
  ...details,
  title: name,
  original_title: text,
  imdb_id: imdbTitleId,
  release_date: day,
  runtime: positive,
  budget: positive,
  revenue: positive,
  belongs_to_collection: part(collection),
  similar: part(z.object({ results: sideList(searchMovieItem) })),
  release_dates: part(releaseDates),
});

const season = z.object({
  id,
  season_number: z.number().int().min(0),
  name: text,
  air_date: day,
  episode_count: number,
  overview: text,
  poster_path: text,
});
const episode = z.object({
  id,
  name: text,
  air_date: day,
  season_number: number,
  episode_number: number,
});

export const seriesDetails = z.object({
  ...details,
  name,
  original_name: text,
  type: text,
  first_air_date: day,
  last_air_date: day,
  in_production: flag,
  /** Both leave the specials (season 0) out, and may lag behind `seasons`. */
  number_of_seasons: number,
  number_of_episodes: number,
  seasons: sideList(season),
  episode_run_time: sideList(z.number()),
  last_episode_to_air: part(episode),
  next_episode_to_air: part(episode),
  similar: part(z.object({ results: sideList(searchSeriesItem) })),
});

export type TmdbMovie = z.infer<typeof movieDetails>;
export type TmdbSeries = z.infer<typeof seriesDetails>;

const person = z.object({ id, name: text });
const seasonHit = z.object({ id, name: text, season_number: number, show_id: number });
const episodeHit = z.object({
  id,
  name: text,
  season_number: number,
  episode_number: number,
  show_id: number,
});

/** One id can stand in two of these. Old bodies lack the last two. */
export const findResults = z.object({
  movie_results: list(searchMovieItem),
  tv_results: list(searchSeriesItem),
  person_results: sideList(person),
  tv_season_results: sideList(seasonHit),
  tv_episode_results: sideList(episodeHit),
});

export type TmdbFind = z.infer<typeof findResults>;

const sizes = sideList(z.string());

export const configuration = z.object({
  images: z.object({
    secure_base_url: z.url(),
    poster_sizes: sizes,
    backdrop_sizes: sizes,
    profile_sizes: sizes,
    still_sizes: sizes,
    logo_sizes: sizes,
  }),
});

export type TmdbConfiguration = z.infer<typeof configuration>;
