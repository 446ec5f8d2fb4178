import type { ExtractedQuote } from "#app/quotes/extraction.ts";
import type { QuoteLine } from "#app/quotes/line-type.ts";
import { parseLine } from "#app/quotes/parse-line.ts";
import { quoteIdOf } from "#app/quotes/share-link.ts";

/** A quote as IMDb has it. */
export interface ReadQuote {
  /** `qt0259148`; null when the page gave no link. */
  imdbQuoteId: string | null;
  /** One at least. */
  lines: QuoteLine[];
}

/** As many lines as a quote may have: positions are small numbers, and nothing real comes near. */
export const MOST_LINES = 500;

/** What of an extracted page is a quote; entries without a word are left out. */
export function parseQuotes(quotes: readonly ExtractedQuote[]): ReadQuote[] {
  return quotes.flatMap(({ shareLink, lines }) => {
    const read = lines.flatMap(parseLine).slice(0, MOST_LINES);
    return read.length === 0 ? [] : [{ imdbQuoteId: quoteIdOf(shareLink), lines: read }];
  });
}
