import { z } from "zod";

/** What a card says, field by field: the answer of `GET /media/:id/card`. */

const count = z.int().min(0);
const points = z.number().min(0).max(100);

const picture = z
  .object({
    url: z.string().describe("Where the image comes from"),
    hosted: z.string().nullable().describe("Its address at this server once it is re-hosted"),
  })
  .meta({ id: "Picture", description: "An image, at its source and re-hosted." });

const score = z
  .object({
    value: points,
    low: points,
    high: points,
    method_version: z.int().describe("Of the formula in docs/score.md"),
  })
  .meta({ id: "Score", description: "One score of all sources on 0 to 100, and its interval." });

const shortFields = {
  id: z.string(),
  type: z.enum(["movie", "tv"]),
  title: z.string(),
  year: z.int().nullable(),
  runtime_display: z.string().nullable(),
  certification: z.string().nullable(),
  genres: z.array(z.string()),
  overview_short: z.string().nullable(),
  poster: picture.nullable().describe("342 pixels wide"),
  score: score.nullable().describe("Null: nobody has rated it"),
  episode_display: z.string().nullable().describe('"45/276 episodes", "45 episodes"; null for films'),
};

export const shortCard = z
  .object(shortFields)
  .meta({ id: "ShortCard", description: "What a list shows of a film or series." });

export const fullCard = z
  .object({
    ...shortFields,
    original_title: z.string().nullable(),
    original_language: z.string().nullable(),
    release_date: z.iso.date().nullable(),
    tmdb_id: z.int().nullable(),
    imdb_id: z.string().nullable(),
    tagline: z.string().nullable(),
    overview: z.string().nullable(),
    runtime_minutes: count.nullable(),
    keywords: z.array(z.string()),
    poster_large: picture.nullable().describe("500 pixels wide"),
    backdrop: picture.nullable().describe("780 pixels wide"),
    stills: z.array(picture),
    directors: z.array(z.string()),
    cast: z.array(
      z.object({
        name: z.string(),
        character: z.string().nullable(),
        photo: picture.nullable(),
      }),
    ),
    trailers: z.array(
      z.object({ name: z.string().nullable(), url: z.string(), thumbnail: picture.nullable() }),
    ),
    ratings: z.array(
      z.object({
        source: z.string(),
        value: z.string().describe("As the source writes it"),
        scale: z.string(),
        value_0_100: points.nullable(),
        votes: count.nullable(),
      }),
    ),
    total_seasons: count.nullable(),
    total_episodes: count.nullable(),
    watched_episodes_count: count.describe("Distinct episodes seen, specials left out; 0 for films"),
  })
  .meta({ id: "Card", description: "What a page shows of a film or series." });

/** Either form. */
export const anyCard = z
  .union([fullCard, shortCard])
  .meta({ id: "AnyCard", description: "A full card, or with `form=short` a short one." });

/** What cards are made of and has a name of its own. */
export const cardParts: readonly z.ZodType[] = [fullCard, shortCard, picture, score];

export type ShortCard = z.infer<typeof shortCard>;
export type FullCard = z.infer<typeof fullCard>;
export type Picture = z.infer<typeof picture>;
