import { z } from "zod";
import { lineTypes } from "#app/quotes/line-type.ts";
import { quoteStatuses } from "#app/quotes/quote-status.ts";

/** What the machine API answers about quotes. */

const time = z.iso.datetime().describe("UTC");

export const quoteAnswer = z
  .object({
    id: z.string(),
    source: z.enum(["imdb", "manual"]),
    imdb_quote_id: z.string().nullable().describe("`qt0259148`"),
    share_link: z.string().nullable(),
    edited: z.boolean().describe("IMDb's words were changed by hand; fetches leave them as they are"),
    lines: z.array(
      z.object({
        type: z.enum(lineTypes),
        character: z.string().nullable(),
        text: z.string(),
      }),
    ),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "Quote", description: "A quote, line by line." });

export const quoteList = z
  .object({
    quotes: z.array(quoteAnswer),
    total: z.int().min(0),
    status: z
      .enum(quoteStatuses)
      .nullable()
      .describe("How far fetching them from IMDb is; null: not fetched for this work"),
    fetched_at: time.nullable(),
    nextCursor: z.string().nullable().describe("Of the next page; null on the last"),
  })
  .meta({ id: "QuoteList", description: "Quotes of a film or series, in the order in which they came." });

export type QuoteList = z.infer<typeof quoteList>;
