import { placeIn } from "#app/imports/entry.ts";
import type { ClaimedRow } from "#app/imports/rows.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import { titleKey } from "#app/matching/title.ts";
import type { CatalogueShow } from "#app/upstreams/catalogue/shapes.ts";
import { seasonTitle } from "#app/works/season-title.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";

/** A season of a series, as rows name it and a remote catalogue has it. */
export interface RemoteSeason {
  title: string;
  year: number | null;
  tmdbId: number | null;
  imdbId: string | null;
  /** null: the row does not say. */
  season: number | null;
}

/** The season that a row's viewing belongs to. */
export function remoteSeasonOf(row: ClaimedRow, match: Resolution, facts: TitleFacts | null): RemoteSeason {
  const { title, yearHint, kind, seriesReading } = row.normalized;
  const candidate = match.candidates.find(
    (one) => one.tmdbId === match.tmdbId && one.mediaType === match.mediaType,
  );
  const stated = kind === "tv" ? title : (seriesReading?.show ?? title);
  return {
    title: facts?.title ?? candidate?.title ?? stated,
    year: facts?.year ?? candidate?.year ?? yearHint,
    tmdbId: match.tmdbId,
    imdbId: facts?.imdbId ?? match.imdbId,
    season: placeIn(row, match).season,
  };
}

/** Tells seasons apart, whatever row, chunk or import names them. */
export function naturalKey(season: RemoteSeason): string {
  const show = season.tmdbId ? `tmdb:${season.tmdbId}` : (season.imdbId ?? nameKey(season));
  return `${show}${seasonSuffix(season)}`;
}

export const seasonSuffix = (season: RemoteSeason): string => `|${season.season ?? ""}`;

/** The series' name as `titleKey` begins: what is equal for every year that a source may state. */
export const nameKey = (season: RemoteSeason): string => titleKey(season.title, null, null).slice(0, -1);

/**
 * A season as the remote contract takes it (UPSTREAMS §5).
 *
 * @param facts the series' details, as far as they are known
 * @param startedDate `YYYY-MM-DD`
 */
export function showBody(
  season: RemoteSeason,
  facts: TitleFacts | null,
  startedDate: string | null,
): CatalogueShow {
  return {
    title: seasonTitle(season.title, season.season),
    showName: season.title,
    seasonNumber: season.season,
    description: facts?.meta?.overview ?? null,
    language: facts?.originalLanguage ?? null,
    year: season.year,
    genre: facts?.meta?.genres?.join(", ") || null,
    startedDate,
    status: "Started",
    imdbRating: facts?.ratings.find((rating) => rating.sourceName === "IMDb")?.valueRaw ?? null,
    imdbId: facts?.imdbId ?? season.imdbId,
    posterUrl: facts?.meta?.posterUrls?.large ?? null,
    tmdbId: season.tmdbId,
  };
}
