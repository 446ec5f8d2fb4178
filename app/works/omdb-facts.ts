import type { OmdbTitle } from "#app/upstreams/omdb/shapes.ts";
import type { RatingFact, TitleFacts } from "#app/works/title-facts.ts";

/** A title as OMDb tells it: enough for a record, without ids of TMDB. */
export function omdbFacts(title: OmdbTitle, mediaType: "movie" | "tv"): TitleFacts {
  return {
    mediaType,
    tmdbId: null,
    imdbId: title.imdbId,
    title: title.title,
    originalTitle: null,
    originalLanguage: null,
    year: title.year,
    releaseDate: title.released,
    bareKey: null,
    totalSeasons: title.totalSeasons,
    totalEpisodes: null,
    seasons: [],
    ratings: omdbRatings(title),
    meta: {
      runtimeMinutes: title.runtimeMinutes ?? undefined,
      overview: title.plot ?? undefined,
      genres: title.genres.length > 0 ? title.genres : undefined,
      certification: title.rated ?? undefined,
      posterUrls: title.posterUrl
        ? {
            small: title.posterUrl,
            medium: title.posterUrl,
            large: title.posterUrl,
            original: title.posterUrl,
          }
        : undefined,
      isWhole: true,
    },
  };
}

/** The three ratings that OMDb passes on. */
function omdbRatings(title: OmdbTitle): RatingFact[] {
  const { imdbRating, imdbVotes, rottenTomatoes, metacritic } = title;
  const ratings: (RatingFact | null)[] = [
    imdbRating === null
      ? null
      : {
          sourceName: "IMDb",
          scaleType: "0-10",
          valueRaw: String(imdbRating),
          value0To100: imdbRating * 10,
          votesCount: imdbVotes,
        },
    rottenTomatoes === null
      ? null
      : {
          sourceName: "Rotten Tomatoes",
          scaleType: "0-100",
          valueRaw: `${rottenTomatoes}%`,
          value0To100: rottenTomatoes,
          votesCount: null,
        },
    metacritic === null
      ? null
      : {
          sourceName: "Metacritic",
          scaleType: "0-100",
          valueRaw: String(metacritic),
          value0To100: metacritic,
          votesCount: null,
        },
  ];
  return ratings.filter((rating) => rating !== null);
}
