import { z } from "zod";
import { PAGE_STYLES } from "./imdb/pages.ts";

const latencySchema = z.union([z.number().min(0), z.tuple([z.number().min(0), z.number().min(0)])]);

/** What can be changed while the sandbox runs. */
export const settingsSchema = z.strictObject({
  /** Milliseconds before every answer: fixed, or from–to. */
  latencyMs: latencySchema,
  /** TMDB's limit; null switches it off. */
  rateLimit: z.strictObject({ requests: z.int().min(1), perMs: z.int().min(1) }).nullable(),
  /** Tabstack's limit; null switches it off. */
  tabstackRateLimit: z.strictObject({ requests: z.int().min(1), perMs: z.int().min(1) }).nullable(),
  /** How many titles besides those of the tests each of TMDB's change feeds names for every day. */
  changesPerDay: z.int().min(0).max(20_000),
  /** By how many places TMDB's lists shift from page to page: above 0 films come twice, below 0 some never come. */
  listDrift: z.int().min(-20).max(19),
  /** Whether TMDB's lists hold an adult film, and trending a series and a person. */
  oddListItems: z.boolean(),
  /** OMDb requests per key and UTC day. */
  omdbDailyLimit: z.int().min(0),
  /** What IMDb's pages carry: all, linked data alone, links alone, or data that is cut off. */
  imdbPages: z.enum(PAGE_STYLES),
  /** Catalogue lists as `{data, links}` with paging instead of bare arrays. */
  envelope: z.boolean(),
  /** Catalogue failures as 200 with `{error}`, as the real one answers; else as 4xx. */
  errorsAs2xx: z.boolean(),
  /** Whether the catalogue honours Idempotency-Key. */
  idempotency: z.boolean(),
  /** Whether the catalogue refuses a second record of the same title, year and viewing date. */
  rejectDuplicates: z.boolean(),
});

export type Settings = z.infer<typeof settingsSchema>;
