import { z } from "zod";
import { day, imdbTitleId, list, number, positive, text } from "#app/upstreams/lenient.ts";

/** Ids are numbers at api.ashish.me and text elsewhere; text here. */
const recordId = z.union([z.number().int(), z.string().trim().min(1)]).transform(String);

const season = z.object({ seasonNumber: number, startedDate: day, completedDate: day });

/**
 * A film or a series as a catalogue gives it. Films carry `year` and `viewingDate`, series `releaseStartYear`,
 * `startedDate` and seasons; what a record does not have is null.
 */
export const catalogueRecord = z.object({
  id: recordId,
  title: text,
  // 0 stands for "unknown" in all three.
  year: positive,
  releaseStartYear: positive,
  viewingDate: day,
  startedDate: day,
  tmdbId: positive,
  imdbId: imdbTitleId,
  language: text,
  genre: text,
  description: text,
  posterUrl: text,
  imdbRating: number,
  createdAt: text,
  updatedAt: text,
  seasons: list(season).optional().catch(undefined),
});

export type CatalogueRecord = z.infer<typeof catalogueRecord>;

/** A bare array, or a page that names the next one. */
export const recordPage = z.union([
  z.array(z.unknown()).transform((data) => ({ data, next: null })),
  z
    .object({ data: z.array(z.unknown()), links: z.object({ next: text }).nullish() })
    .transform((page) => ({ data: page.data, next: page.links?.next ?? null })),
]);

/** The record that a write made or changed, bare or under `data`. */
export const writtenRecord = z.union([
  z.object({ data: z.object({ id: recordId }) }).transform((body) => body.data),
  z.object({ id: recordId }),
]);

/** What is sent for a film. Fields that are null or undefined are left out. */
export interface CatalogueMovie {
  title: string;
  description?: string | null;
  language?: string | null;
  year?: number | null;
  /** "Drama, Thriller" */
  genre?: string | null;
  /** `YYYY-MM-DD` */
  viewingDate?: string | null;
  imdbRating?: string | null;
  imdbId?: string | null;
  posterUrl?: string | null;
  tmdbId?: number | null;
  loved?: boolean | null;
}

/** What is sent for a series (or one season of it). */
export interface CatalogueShow {
  title: string;
  showName?: string | null;
  seasonNumber?: number | null;
  description?: string | null;
  language?: string | null;
  year?: number | null;
  genre?: string | null;
  /** `YYYY-MM-DD` */
  startedDate?: string | null;
  status?: string | null;
  imdbRating?: string | null;
  imdbId?: string | null;
  posterUrl?: string | null;
  tmdbId?: number | null;
  loved?: boolean | null;
}
