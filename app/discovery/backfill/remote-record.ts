import type { BackfillField } from "#app/discovery/backfill/fields.ts";
import type { CatalogueMovie, CatalogueRecord } from "#app/upstreams/catalogue/shapes.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";

const isBlank = (value: string | null): boolean => value === null || value.trim() === "";

/** What a record of a remote catalogue lacks. Catalogues write 0 or "0.0" where they do not know a rating. */
export function lackingFields(record: CatalogueRecord): BackfillField[] {
  const lacks: Record<BackfillField, boolean> = {
    poster: isBlank(record.posterUrl),
    tmdb_id: record.tmdbId === null,
    imdb_id: record.imdbId === null,
    language: isBlank(record.language),
    genre: isBlank(record.genre),
    overview: isBlank(record.description),
    year: record.year === null && record.releaseStartYear === null,
    rating: !record.imdbRating,
  };
  return (Object.keys(lacks) as BackfillField[]).filter((field) => lacks[field]);
}

type Changes = Pick<
  CatalogueMovie,
  "posterUrl" | "tmdbId" | "imdbId" | "language" | "genre" | "description" | "year" | "imdbRating"
>;

/**
 * What is known about a title for the fields that its record lacks, in the catalogue's words. What the record has is never
 * among it, so a write can only add.
 */
export function changesFor(
  lacks: readonly BackfillField[],
  facts: TitleFacts,
): { filled: Partial<Record<BackfillField, unknown>>; changes: Changes } {
  const imdb = facts.ratings.find((rating) => rating.sourceName === "IMDb");
  const best = imdb ?? facts.ratings.find((rating) => rating.sourceName === "TMDB");
  const known: Record<BackfillField, { key: keyof Changes; value: string | number | null | undefined }> = {
    poster: { key: "posterUrl", value: facts.meta?.posterUrls?.large },
    tmdb_id: { key: "tmdbId", value: facts.tmdbId },
    imdb_id: { key: "imdbId", value: facts.imdbId },
    language: { key: "language", value: facts.originalLanguage },
    genre: { key: "genre", value: facts.meta?.genres?.join(", ") },
    overview: { key: "description", value: facts.meta?.overview },
    year: { key: "year", value: facts.year },
    rating: { key: "imdbRating", value: best && (best.value0To100 / 10).toFixed(1) },
  };
  const found = lacks.flatMap((field) => {
    const { key, value } = known[field];
    return value === null || value === undefined || value === "" ? [] : [{ field, key, value }];
  });
  return {
    filled: Object.fromEntries(found.map(({ field, value }) => [field, value])),
    changes: Object.fromEntries(found.map(({ key, value }) => [key, value])),
  };
}
