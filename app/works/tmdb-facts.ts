import type { TmdbMovie, TmdbSeries } from "#app/upstreams/tmdb/shapes.ts";
import type { MetaFacts, PersonFact, RatingFact, TitleFacts } from "#app/works/title-facts.ts";

/** Directors first, then those whose names a catalogue shows; the rest of a crew of hundreds is left out. */
const KEPT_JOBS = [
  "Director",
  "Screenplay",
  "Writer",
  "Story",
  "Novel",
  "Producer",
  "Executive Producer",
  "Director of Photography",
  "Original Music Composer",
  "Editor",
];
const CAST = 30;
const STILLS = 12;

const yearOf = (day: string | null): number | null => (day ? Number(day.slice(0, 4)) : null);

/** Builds an image address as TMDB documents it: base, size, path. */
export type ImageUrl = (size: string, path: string) => string;

/** @param imageBase TMDB_IMAGE_BASE_URL */
export const imageUrls =
  (imageBase: string): ImageUrl =>
  (size, path) =>
    `${imageBase}/${size}${path}`;

/** A film's details with everything appended, as the tables hold it. */
export function movieFacts(movie: TmdbMovie, imageUrl: ImageUrl): TitleFacts {
  return {
    mediaType: "movie",
    tmdbId: movie.id,
    imdbId: movie.imdb_id ?? movie.external_ids?.imdb_id ?? null,
    title: movie.title,
    originalTitle: movie.original_title,
    originalLanguage: movie.original_language,
    year: yearOf(movie.release_date),
    releaseDate: movie.release_date,
    bareKey: null,
    totalSeasons: null,
    totalEpisodes: null,
    seasons: [],
    ratings: tmdbRating(movie),
    meta: {
      ...commonMeta(movie, imageUrl),
      runtimeMinutes: movie.runtime,
      certification: usCertification(movie),
      budget: movie.budget,
      revenueWorldwide: movie.revenue,
    },
  };
}

/** A series' details. Specials (season 0) do not count (S-04). */
export function seriesFacts(series: TmdbSeries, imageUrl: ImageUrl): TitleFacts {
  return {
    mediaType: "tv",
    tmdbId: series.id,
    imdbId: series.external_ids?.imdb_id ?? null,
    title: series.name,
    originalTitle: series.original_name,
    originalLanguage: series.original_language,
    year: yearOf(series.first_air_date),
    releaseDate: series.first_air_date,
    bareKey: null,
    totalSeasons: series.number_of_seasons,
    totalEpisodes: series.number_of_episodes,
    seasons: series.seasons.map((season) => ({
      seasonNumber: season.season_number,
      name: season.name,
      episodeCount: season.episode_count ?? 0,
      airDate: season.air_date,
      posterUrl: season.poster_path ? imageUrl("w154", season.poster_path) : null,
    })),
    ratings: tmdbRating(series),
    meta: {
      ...commonMeta(series, imageUrl),
      runtimeMinutes: series.episode_run_time[0] ?? null,
      certification: null,
      budget: null,
      revenueWorldwide: null,
    },
  };
}

function tmdbRating(title: { vote_average: number | null; vote_count: number | null }): RatingFact[] {
  // 0 with no votes means "not rated", not "bad".
  if (!title.vote_average || !title.vote_count) return [];
  return [
    {
      sourceName: "TMDB",
      scaleType: "0-10",
      valueRaw: String(title.vote_average),
      value0To100: Math.round(title.vote_average * 1000) / 100,
      votesCount: title.vote_count,
    },
  ];
}

function commonMeta(
  title: TmdbMovie | TmdbSeries,
  imageUrl: ImageUrl,
): Omit<MetaFacts, "runtimeMinutes" | "certification" | "budget" | "revenueWorldwide"> {
  const { poster_path: poster, backdrop_path: backdrop } = title;
  return {
    tagline: title.tagline,
    overview: title.overview,
    genres: title.genres.map((genre) => genre.name),
    posterPath: poster,
    backdropPath: backdrop,
    posterUrls: poster
      ? {
          small: imageUrl("w185", poster),
          medium: imageUrl("w342", poster),
          large: imageUrl("w500", poster),
          original: imageUrl("original", poster),
        }
      : null,
    backdropUrls: backdrop ? { full: imageUrl("w1280", backdrop), mobile: imageUrl("w780", backdrop) } : null,
    cast: castOf(title, imageUrl),
    crew: crewOf(title, imageUrl),
    trailers: trailersOf(title),
    stillImages: (title.images?.backdrops ?? [])
      .slice(0, STILLS)
      .map((image) => imageUrl("w780", image.file_path)),
    streaming: title["watch/providers"]?.results ?? {},
    keywords: [...(title.keywords?.keywords ?? []), ...(title.keywords?.results ?? [])].map(
      (keyword) => keyword.name,
    ),
    productionCompanies: title.production_companies.map((company) => ({
      id: company.id,
      name: company.name,
      logo_url: company.logo_path ? imageUrl("w154", company.logo_path) : null,
    })),
    productionCountries: title.production_countries.map((country) => country.iso_3166_1),
  };
}

function person(
  one: { id: number; name: string; profile_path: string | null },
  imageUrl: ImageUrl,
): PersonFact {
  const photo = (size: string) => (one.profile_path ? imageUrl(size, one.profile_path) : null);
  return {
    person_id: one.id,
    name: one.name,
    photo_url_small: photo("w45"),
    photo_url_medium: photo("w185"),
  };
}

function castOf(title: TmdbMovie | TmdbSeries, imageUrl: ImageUrl): PersonFact[] {
  const cast = [...(title.credits?.cast ?? [])]
    .sort((a, b) => (a.order ?? 999) - (b.order ?? 999))
    .slice(0, CAST);
  return cast.map((member) => ({
    ...person(member, imageUrl),
    photo_url_large: member.profile_path ? imageUrl("h632", member.profile_path) : null,
    character: member.character,
    order: member.order,
  }));
}

/** One person may hold several jobs; each is kept once. */
function crewOf(title: TmdbMovie | TmdbSeries, imageUrl: ImageUrl): PersonFact[] {
  const kept = (title.credits?.crew ?? []).filter((member) => member.job && KEPT_JOBS.includes(member.job));
  const unique = new Map(kept.map((member) => [`${member.id} ${member.job}`, member]));
  return [...unique.values()]
    .sort((a, b) => KEPT_JOBS.indexOf(a.job ?? "") - KEPT_JOBS.indexOf(b.job ?? ""))
    .map((member) => ({ ...person(member, imageUrl), job: member.job, department: member.department }));
}

function videoPage(site: string | null, key: string): string | null {
  if (site === "YouTube") return `https://www.youtube.com/watch?v=${encodeURIComponent(key)}`;
  return site === "Vimeo" ? `https://vimeo.com/${encodeURIComponent(key)}` : null;
}

function trailersOf(title: TmdbMovie | TmdbSeries): MetaFacts["trailers"] {
  return (title.videos?.results ?? []).flatMap((video) => {
    const { key, name, site, type } = video;
    const url = videoPage(site, key);
    return url && site && ["Trailer", "Teaser"].includes(type ?? "") ? [{ key, name, site, type, url }] : [];
  });
}

/** TMDB's release types: theatrical first, then limited, digital, physical, television, premiere. */
const CERTIFICATION_ORDER = [3, 2, 4, 5, 6, 1];

/** The certification in the United States of the release that counts most; empty ones are skipped. */
function usCertification(movie: TmdbMovie): string | null {
  const releases =
    movie.release_dates?.results.find((country) => country.iso_3166_1 === "US")?.release_dates ?? [];
  const certified = releases.filter((release) => release.certification);
  const rank = (type: number | null) => (CERTIFICATION_ORDER.indexOf(type ?? 0) + 99) % 99;
  return certified.sort((a, b) => rank(a.type) - rank(b.type))[0]?.certification ?? null;
}
