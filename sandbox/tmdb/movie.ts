import { stableHex, stableNumber, stableToken } from "../stable-hash.ts";
import type { Film } from "../titles/film.ts";
import type { Library } from "../titles/library.ts";
import type { SubResources } from "./append.ts";
import { genres } from "./genres.ts";
import { filmItem } from "./items.ts";
import { pageBody } from "./pages.ts";
import { credits } from "./people.ts";
import { pictures } from "./pictures.ts";
import { countryName, languageName } from "./places.ts";
import { watchProviders } from "./providers.ts";

const THEATRICAL = 3;
/** Below this many votes TMDB usually knows neither money nor trailers. */
const FEW_VOTES = 500;
const MILLION = 1_000_000;
const CERTIFICATIONS = ["G", "PG", "PG-13", "R", ""];

/** GET /movie/{id}, every key of the real body. */
export function movieDetails(film: Film): Record<string, unknown> {
  return {
    ...filmItem(film),
    genre_ids: undefined,
    belongs_to_collection: null,
    budget: film.voteCount < FEW_VOTES ? 0 : (5 + stableNumber(`budget:${film.id}`, 150)) * MILLION,
    genres: genres(film.genres),
    // "", null and an address all occur; the sandbox gives the first two.
    homepage: film.id % 2 === 0 ? "" : null,
    imdb_id: film.imdbId,
    origin_country: [film.country],
    production_companies: [
      {
        id: 900_000 + stableNumber(film.country, 1000),
        logo_path: null,
        name: `${countryName(film.country)} Pictures`,
        origin_country: film.country,
      },
    ],
    production_countries: [{ iso_3166_1: film.country, name: countryName(film.country) }],
    revenue: film.voteCount < FEW_VOTES ? 0 : (1 + stableNumber(`revenue:${film.id}`, 900)) * MILLION,
    runtime: film.runtime,
    spoken_languages: [
      {
        english_name: languageName(film.language),
        iso_639_1: film.language,
        name: languageName(film.language),
      },
    ],
    status: "Released",
    tagline: "",
  };
}

function releaseDates(film: Film): Record<string, unknown> {
  const certification = CERTIFICATIONS[stableNumber(`certification:${film.id}`, CERTIFICATIONS.length)] ?? "";
  const all = [{ country: film.country, date: film.released, type: THEATRICAL }, ...film.alsoReleased];
  const countries = [...new Set(all.map((release) => release.country))].sort();
  return {
    results: countries.map((country) => ({
      iso_3166_1: country,
      release_dates: all
        .filter((release) => release.country === country && release.date !== "")
        .map((release) => ({
          certification: country === "US" ? certification : "",
          descriptors: [],
          iso_639_1: "",
          note: "",
          release_date: `${release.date}T00:00:00.000Z`,
          type: release.type,
        })),
    })),
  };
}

function videos(film: Film): Record<string, unknown> {
  if (film.voteCount < FEW_VOTES) return { results: [] };
  return {
    results: [
      {
        iso_639_1: "en",
        iso_3166_1: "US",
        name: "Official Trailer",
        key: stableToken(`video:${film.id}`, 11),
        site: "YouTube",
        size: 1080,
        type: "Trailer",
        official: true,
        published_at: "2020-01-01T12:00:00.000Z",
        id: stableHex(`video:${film.id}`, 24),
      },
    ],
  };
}

/** Everything under /movie/{id}/…; lists give their first page. */
export function movieParts(library: Library, film: Film, query: URLSearchParams): SubResources {
  return {
    credits: () => credits(`movie:${film.id}`, film.cast, film.directors),
    videos: () => videos(film),
    similar: () => pageBody(library.similarTo(film), 1, filmItem),
    // Recommendations say what they are, similar ones do not.
    recommendations: () =>
      pageBody(library.similarTo(film), 1, (one) => ({ ...filmItem(one), media_type: "movie" })),
    release_dates: () => releaseDates(film),
    images: () => pictures(film.id, film.hasPoster, query),
    keywords: () => ({
      keywords: film.genres.map((name) => ({
        id: 300_000 + stableNumber(name, 9000),
        name: name.toLowerCase(),
      })),
    }),
    "watch/providers": () => watchProviders("movie", film.id),
    external_ids: () => ({
      imdb_id: film.imdbId,
      wikidata_id: null,
      facebook_id: null,
      instagram_id: null,
      twitter_id: null,
    }),
    alternative_titles: () => ({
      titles: film.alternativeTitles.map((title) => ({ iso_3166_1: "US", title, type: "" })),
    }),
  };
}
