import { z } from "zod";

/** What the machine API answers about works, field by field as CONTRACT.md names them. */

const count = z.int().min(0);
const time = z.iso.datetime().describe("UTC");
const day = z.iso.date();

export const mediaItem = z
  .object({
    id: z.string(),
    type: z.enum(["movie", "tv"]),
    title: z.string(),
    original_title: z.string().nullable(),
    year: z.int().nullable(),
    tmdb_id: z.int().nullable(),
    imdb_id: z.string().nullable(),
    total_seasons: count.nullable(),
    total_episodes: count.nullable().describe("Specials are not counted; null: not known"),
    watched_episodes_count: count.describe("Distinct episodes seen, specials left out; 0 for films"),
    episode_display: z.string().nullable().describe('"45/276 episodes", "45 episodes"; null for films'),
    poster_url: z.string().nullable(),
    last_viewed_on: day.nullable(),
    created_at: time,
  })
  .meta({ id: "Media", description: "A film or series in the list." });

export const mediaList = z
  .object({
    media: z.array(mediaItem),
    nextCursor: z.string().nullable().describe("Of the next page; null on the last"),
  })
  .meta({ id: "MediaList", description: "Films and series, the newest in the catalogue first." });

const rating = z.object({
  source: z.string(),
  value: z.string().describe("As the source writes it"),
  scale: z.string(),
  votes: count.nullable(),
});

const season = z.object({
  season_number: count.nullable().describe("0: specials; null: viewings that do not say their season"),
  name: z.string().nullable(),
  episode_count: count.nullable().describe("Null: TMDB does not list it"),
  watched: count.describe("Distinct episodes seen"),
});

export const mediaDetail = mediaItem
  .extend({
    meta: z.object({
      overview: z.string().nullable(),
      runtime: count.nullable().describe("Minutes"),
      genres: z.array(z.string()),
      certification: z.string().nullable(),
    }),
    ratings: z.array(rating),
    seasons: z.array(season).describe("Empty for films"),
    totals_note: z.string().nullable().describe("Why a series has no totals"),
    viewings: count,
  })
  .meta({ id: "MediaDetail", description: "One film or series." });

export type MediaList = z.infer<typeof mediaList>;
export type MediaDetail = z.infer<typeof mediaDetail>;
