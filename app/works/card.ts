import type { FullCard, Picture, ShortCard } from "#app/works/card-answers.ts";
import { episodeDisplay } from "#app/works/episode-display.ts";
import { imagePath } from "#app/works/images/image-path.ts";
import { castOf, type PictureColumns, stillsOf, trailersOf } from "#app/works/images/work-pictures.ts";

/** Version of a card's shape. Raise it with every change of what a card says: cards of an older one are built anew when asked for. */
export const CARD_VERSION = 1;

/** Everything that a card is made of. */
export interface CardFacts {
  workId: string;
  mediaType: "movie" | "tv";
  tmdbId: number | null;
  imdbId: string | null;
  title: string;
  originalTitle: string | null;
  originalLanguage: string | null;
  year: number | null;
  releaseDate: string | null;
  totalSeasons: number | null;
  totalEpisodes: number | null;
  watchedEpisodes: number;
  /** null: only the title is known so far. */
  meta: CardMeta | null;
  ratings: FullCard["ratings"];
  score: { score: number; low: number; high: number; methodVersion: number } | null;
  /** File names of what is re-hosted, by source address. */
  hosted: Readonly<Record<string, string>>;
}

export interface CardMeta extends PictureColumns {
  tagline: string | null;
  overview: string | null;
  overview_short: string | null;
  runtime_minutes: number | null;
  runtime_display: string | null;
  genres: string[];
  certification: string | null;
  keywords: string[];
  crew_members: readonly unknown[];
}

/** A work without details: everything that only they tell is absent. */
const NO_META: CardMeta = {
  tagline: null,
  overview: null,
  overview_short: null,
  runtime_minutes: null,
  runtime_display: null,
  genres: [],
  certification: null,
  keywords: [],
  poster_url_medium: null,
  poster_url_large: null,
  backdrop_url_mobile: null,
  cast_members: [],
  crew_members: [],
  still_images: [],
  trailers: [],
};

/** The card of a work, full and short. The same facts give the same card, to the byte: no times, and one order of everything. */
export function cardOf(facts: CardFacts): { full: FullCard; short: ShortCard } {
  const meta = facts.meta ?? NO_META;
  const pictureOf = (url: string | null | undefined): Picture | null => {
    if (!url) return null;
    const fileName = facts.hosted[url];
    return { url, hosted: fileName === undefined ? null : imagePath(fileName) };
  };
  const short = shortCardOf(facts, meta, pictureOf(meta.poster_url_medium));
  const full: FullCard = {
    ...short,
    original_title: facts.originalTitle,
    original_language: facts.originalLanguage,
    release_date: facts.releaseDate,
    tmdb_id: facts.tmdbId,
    imdb_id: facts.imdbId,
    tagline: meta.tagline,
    overview: meta.overview,
    runtime_minutes: meta.runtime_minutes,
    keywords: meta.keywords,
    poster_large: pictureOf(meta.poster_url_large),
    backdrop: pictureOf(meta.backdrop_url_mobile),
    stills: stillsOf(meta.still_images).flatMap((url) => pictureOf(url) ?? []),
    directors: directorsOf(meta.crew_members),
    cast: castOf(meta.cast_members).map(({ name, character, photo_url_medium }) => ({
      name,
      character: character ?? null,
      photo: pictureOf(photo_url_medium),
    })),
    trailers: trailersOf(meta.trailers).map(({ name, url, thumbnail_url }) => ({
      name: name ?? null,
      url,
      thumbnail: pictureOf(thumbnail_url),
    })),
    ratings: facts.ratings.toSorted((a, b) => (a.source < b.source ? -1 : 1)),
    total_seasons: facts.totalSeasons,
    total_episodes: facts.totalEpisodes,
    watched_episodes_count: facts.watchedEpisodes,
  };
  return { full, short };
}

function shortCardOf(facts: CardFacts, meta: CardMeta, poster: Picture | null): ShortCard {
  const { score, mediaType, watchedEpisodes: watched, totalEpisodes: total } = facts;
  return {
    id: facts.workId,
    type: mediaType,
    title: facts.title,
    year: facts.year,
    runtime_display: meta.runtime_display,
    certification: meta.certification,
    genres: meta.genres,
    overview_short: meta.overview_short,
    poster,
    score: score && {
      value: score.score,
      low: score.low,
      high: score.high,
      method_version: score.methodVersion,
    },
    episode_display: episodeDisplay({ mediaType, watched, total }),
  };
}

/** Names of those who directed, in the crew's order, each once. */
function directorsOf(crew: readonly unknown[]): string[] {
  const names = crew.flatMap((member) => {
    if (typeof member !== "object" || member === null || !("job" in member) || !("name" in member)) return [];
    return member.job === "Director" && typeof member.name === "string" ? [member.name] : [];
  });
  return [...new Set(names)];
}
