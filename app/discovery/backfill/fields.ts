import { z } from "zod";

/** What a work may lack, and a backfill can fill (T-13). The names stand in rows and in other people's payloads. */
export const backfillFields = [
  "poster",
  "tmdb_id",
  "imdb_id",
  "language",
  "genre",
  "overview",
  "year",
  "rating",
] as const;
export type BackfillField = (typeof backfillFields)[number];

/** What people call them. */
export const fieldLabel: Readonly<Record<BackfillField, string>> = {
  poster: "poster",
  tmdb_id: "TMDB id",
  imdb_id: "IMDb id",
  language: "language",
  genre: "genre",
  overview: "overview",
  year: "year",
  rating: "rating",
};

/** A choice beyond this is made in several backfills, so that one can be looked through and stopped. */
export const MOST_ROWS = 10_000;

const field = z.enum(backfillFields, { error: `is none of ${backfillFields.join(", ")}` });
const fields = z.array(field).transform((list) => backfillFields.filter((one) => list.includes(one)));

/** Which works: those that lack any of `lacks` (everything that is to be filled when absent), newest first. */
export const backfillFilter = z.object({
  lacks: fields.optional(),
  mediaType: z.enum(["movie", "tv"]).optional(),
  importJobId: z.uuid().optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1, "is less than 1")
    .max(MOST_ROWS, `is more than ${MOST_ROWS}`)
    .default(MOST_ROWS),
});
export type BackfillFilter = z.infer<typeof backfillFilter>;

/** What is asked for. Without `fields` everything that the filter names, without both everything there is. */
export const backfillRequest = z
  .object({ filter: backfillFilter.default({ limit: MOST_ROWS }), fields: fields.default([]) })
  .transform(({ filter, fields: asked }) => {
    const wanted = asked.length > 0 ? asked : (filter.lacks ?? [...backfillFields]);
    return { fields: wanted, filter: { ...filter, lacks: filter.lacks?.length ? filter.lacks : wanted } };
  });
export type BackfillRequest = z.output<typeof backfillRequest>;

/** "poster, genre" */
export const fieldList = (list: readonly string[]): string =>
  list
    .filter((one): one is BackfillField => backfillFields.some((known) => known === one))
    .map((one) => fieldLabel[one])
    .join(", ");
