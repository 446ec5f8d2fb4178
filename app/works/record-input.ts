import { z } from "zod";

/**
 * What a catalogue is sent about a film or a series (the contract that remote catalogues speak, so that one desk can feed
 * another). Absent fields are left alone, null and empty ones are cleared. Fields that are not named here are ignored, since
 * callers send whole records back.
 */

/** NUL and half characters are JSON, and nothing that PostgreSQL stores. */
const isStorable = (value: string): boolean => !value.includes("\0") && value.isWellFormed();

const emptyIsNull = (value: unknown): unknown =>
  typeof value === "string" && value.trim() === "" ? null : value;
/** Catalogues write 0 where they do not know. */
const zeroIsNull = (value: unknown): unknown => (value === 0 || value === "0" ? null : emptyIsNull(value));

const text = (longest: number) =>
  z
    .preprocess(
      emptyIsNull,
      z
        .string("is not text")
        .trim()
        .max(longest, `is longer than ${longest} characters`)
        .refine(isStorable, "holds characters that cannot be stored")
        .nullable(),
    )
    .optional()
    .meta({ type: ["string", "null"], maxLength: longest });

const numeric = z.union(
  [
    z.number(),
    z
      .string()
      .trim()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ],
  {
    error: "is not a whole number",
  },
);

const whole = (min: number, max: number, unknown: (value: unknown) => unknown = zeroIsNull) =>
  z
    .preprocess(
      unknown,
      numeric
        .pipe(z.int("is not a whole number").min(min, `is less than ${min}`).max(max, `is more than ${max}`))
        .nullable(),
    )
    .optional()
    .meta({ type: ["integer", "null"], minimum: min, maximum: max });

const day = z
  .preprocess(
    emptyIsNull,
    z
      .string("is not a date")
      .regex(/^\d{4}-\d\d-\d\d(?:$|T)/, "is not a date of the form 2026-01-31")
      .transform((value) => value.slice(0, 10))
      .refine(isDay, "is not a day that exists")
      .nullable(),
  )
  .optional()
  .meta({ type: ["string", "null"], description: "YYYY-MM-DD; of a time, the day is taken" });

function isDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

const imdbId = z
  .preprocess(
    emptyIsNull,
    z
      .string()
      .trim()
      .regex(/^tt\d{7,10}$/, "is not an IMDb title id")
      .nullable(),
  )
  .optional()
  .meta({ type: ["string", "null"], examples: ["tt0133093"] });

/** "8.7"; a rating of 0 stands for none. */
const imdbRating = z
  .preprocess(
    emptyIsNull,
    z
      .union(
        [
          z.number(),
          z
            .string()
            .trim()
            .regex(/^\d{1,2}(?:\.\d{1,2})?$/)
            .transform(Number),
        ],
        {
          error: "is not a rating from 0 to 10",
        },
      )
      .pipe(z.number().min(0, "is less than 0").max(10, "is more than 10"))
      .transform((value) => (value === 0 ? null : value.toFixed(1)))
      .nullable(),
  )
  .optional()
  .meta({ type: ["string", "null"], examples: ["8.7"] });

const posterUrl = z
  .preprocess(
    emptyIsNull,
    z
      .url({ protocol: /^https?$/, error: "is not an http(s) address" })
      .max(2000, "is too long")
      .nullable(),
  )
  .optional()
  .meta({ type: ["string", "null"] });

const facts = {
  title: text(500),
  description: text(10_000),
  language: text(20),
  year: whole(1800, 2200),
  genre: text(500).describe('"Drama, Thriller"'),
  posterUrl,
  imdbRating,
  imdbId,
  tmdbId: whole(1, 2_147_483_647),
};

const flag = z.boolean("is not true or false").nullable().optional();
const review = whole(-2_147_483_648, 2_147_483_647, emptyIsNull);

export const movieInput = z.object({
  ...facts,
  viewingDate: day,
  loved: flag,
  review,
  note: text(10_000),
});

/** Under both names that callers use. */
const statuses = {
  started: "watching",
  watching: "watching",
  completed: "completed",
  on_hold: "on_hold",
} as const;

const status = z
  .preprocess(
    (value) =>
      typeof value === "string" ? emptyIsNull(value.trim().toLowerCase().replace(" ", "_")) : value,
    z
      .enum(["started", "watching", "completed", "on_hold"], {
        error: "is none of started, watching, completed, on_hold",
      })
      .transform((value) => statuses[value])
      .nullable(),
  )
  .optional()
  .meta({ type: ["string", "null"] });

export const showInput = z.object({
  ...facts,
  releaseStartYear: whole(1800, 2200),
  showName: text(500).describe("Name of the series, where title names a season of it"),
  seasonNumber: whole(0, 10_000, emptyIsNull),
  startedDate: day,
  completedDate: day,
  status,
  loved: flag,
  review,
  note: text(10_000),
});

export type MovieInput = z.output<typeof movieInput>;
export type ShowInput = z.output<typeof showInput>;

/** What both say about the title itself. */
export type RecordFacts = Pick<MovieInput, keyof typeof facts>;
