import { z } from "zod";
import { oneOf, whole } from "#app/routes/api/query-fields.ts";

/** What the machine API takes about the catalogue's lists. */

export const mediaQuery = z.object({
  type: oneOf(["movie", "tv"]).optional().describe("Films alone, or series alone"),
  q: z.string().max(200, "is too long").optional().describe("Words of the title or the original title"),
  limit: whole(1, 100, 20).describe("Works on a page"),
  cursor: z.string().max(4000, "is too long").optional().describe("nextCursor of the page before"),
});

export const cardQuery = z.object({
  form: oneOf(["full", "short"]).default("full").describe("`short`: what a list shows"),
});

export const quotesQuery = z.object({
  limit: whole(1, 500, 200).describe("Quotes on a page"),
  cursor: z.string().max(100, "is too long").optional().describe("nextCursor of the page before"),
});

export const recordsQuery = z.object({
  limit: whole(1, 1000, 1000).describe("Records at most"),
  page: oneOf(["1"])
    .optional()
    .describe("1 asks for pages: `{data, links: {next}}` in place of a bare list. Follow links.next"),
  cursor: z.string().max(100, "is too long").optional().describe("Stands in links.next"),
});
