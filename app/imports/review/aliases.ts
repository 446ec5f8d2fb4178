import type { DecidedTitle } from "#app/imports/review/decided-title.ts";

/** Rows of one alias are counted no further: that many, or more. */
export const MOST_COUNTED = 1_000;

/** A decision that is in force. */
export interface Alias {
  key: string;
  reviewId: string | null;
  /** As the row wrote it that was decided; its key where that was not kept. */
  title: string;
  yearHint: number | null;
  kind: "movie" | "tv" | null;
  /** What it leads to; null: none of the titles found. */
  target: { mediaType: "movie" | "tv"; tmdbId: number } | null;
  found: DecidedTitle | null;
  /** The work of the catalogue that it leads to, where there is one. */
  workId: string | null;
  workTitle: string | null;
  decidedBy: string;
  decidedAt: Date;
  /** Rows that used it, dry runs too. */
  uses: number;
  lastUsedAt: Date | null;
  /**
   * Rows that revoking lets wait again, as far as nothing else has touched what they wrote, and rows that stay written in any case:
   * in a remote catalogue, or from before there was a ledger. `MOST_COUNTED` at most.
   */
  reopens: number;
  written: number;
}
