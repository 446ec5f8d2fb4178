import { z } from "zod";

/** Records of the built-in catalogue as they leave it: the field names of the contract that remote catalogues speak. */

const time = z.iso.datetime();
const day = z.iso.date();

const facts = {
  title: z.string(),
  description: z.string().nullable(),
  language: z.string().nullable(),
  genre: z.string().describe('"Drama, Thriller"'),
  posterUrl: z.string().nullable(),
  imdbRating: z.string().describe('"8.7"; "0.0" where there is none'),
  imdbId: z.string().nullable(),
  tmdbId: z.int().nullable(),
};

export const movieRecord = z
  .object({
    id: z.int().describe("Of the viewing: a film seen twice is two records"),
    ...facts,
    year: z.int().nullable(),
    viewingDate: day.nullable(),
    loved: z.boolean(),
    review: z.int().nullable(),
    note: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: "Movie", description: "One viewing of a film." });

const status = z.enum(["watching", "completed", "on_hold"]);

export const showSeason = z
  .object({
    id: z.int(),
    seasonNumber: z.int().min(0),
    startedDate: day.nullable(),
    completedDate: day.nullable(),
    status,
    review: z.int().nullable(),
    note: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: "ShowSeason", description: "A season of which something was seen." });

export const showRecord = z
  .object({
    id: z.int(),
    ...facts,
    releaseStartYear: z.int().nullable(),
    releaseEndYear: z.int().nullable(),
    startedDate: day.nullable(),
    completedDate: day.nullable(),
    status,
    createdAt: time,
    updatedAt: time,
    seasons: z.array(showSeason),
  })
  .meta({ id: "Show", description: "A series with the seasons of which something was seen." });

const pageOf = (record: z.ZodType) =>
  z.union([
    z.array(record),
    z.object({
      data: z.array(record),
      links: z.object({
        next: z.string().nullable().describe("Relative to the address that was asked; null on the last page"),
      }),
    }),
  ]);

export const movieList = pageOf(movieRecord).meta({
  id: "Movies",
  description: "The newest first: a bare list, or with page or cursor a page that names the next one.",
});
export const showList = pageOf(showRecord).meta({
  id: "Shows",
  description: "The newest first: a bare list, or with page or cursor a page that names the next one.",
});

export type MovieRecord = z.infer<typeof movieRecord>;
export type ShowRecord = z.infer<typeof showRecord>;
export type ShowSeason = z.infer<typeof showSeason>;
