import { z } from "zod";

/** What a title was found to be, or could be: as candidates stand in a row's `outcome`. */
const candidate = z.object({
  tmdbId: z.number(),
  mediaType: z.enum(["movie", "tv"]),
  title: z.string(),
  originalTitle: z.string().catch(""),
  year: z.number().nullable().catch(null),
  score: z.number().catch(0),
  voteCount: z.number().catch(0),
  posterPath: z.string().nullable().catch(null),
  originalLanguage: z.string().catch(""),
  countries: z.array(z.string()).catch([]),
  overview: z.string().catch(""),
});

const match = z.object({
  mediaType: z.enum(["movie", "tv"]).nullable().catch(null),
  tmdbId: z.number().nullable().catch(null),
  imdbId: z.string().nullable().catch(null),
  title: z.string().nullable().catch(null),
  year: z.number().nullable().catch(null),
  score: z.number().nullable().catch(null),
  strategy: z.string().nullable().catch(null),
  reason: z.object({ code: z.string(), text: z.string() }).nullable().catch(null),
  candidates: z.array(candidate).catch([]),
});

/** What a row doubles: an earlier line of the file, or something that the catalogue had. */
const duplicateOf = z.object({
  rowNumber: z.number().nullable().catch(null),
  lineNumber: z.number().nullable().catch(null),
  importJobId: z.string().nullable().catch(null),
  workId: z.string().nullable().catch(null),
});

const outcome = z.object({
  match: match.nullable().catch(null),
  duplicateOf: duplicateOf.nullable().catch(null),
  wouldWrite: z.string().nullable().catch(null),
});

export type RowOutcomeView = z.infer<typeof outcome>;

/**
 * Reads a stored outcome for the screen. It was written by whatever version was running then, so what is missing or has
 * changed its shape reads as absent instead of breaking the page.
 */
export function readOutcome(stored: unknown): RowOutcomeView {
  const read = outcome.safeParse(stored ?? {});
  return read.success ? read.data : { match: null, duplicateOf: null, wouldWrite: null };
}
