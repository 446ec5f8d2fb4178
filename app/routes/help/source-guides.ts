import type { SourceId } from "#app/imports/sources/adapter.ts";

/** How an operator gets the export of a source. */
export interface SourceGuide {
  /** The page where the export is asked for; null for our own template. */
  exportPage: { url: string; label: string } | null;
  steps: readonly string[];
  /** What is worth knowing about its files. */
  notes: readonly string[];
}

/** Guides for the sources whose files can be read. A new source adds its own here. */
export const sourceGuides: Partial<Record<SourceId, SourceGuide>> = {
  letterboxd: {
    exportPage: { url: "https://letterboxd.com/settings/data/", label: "Letterboxd: Settings, Data" },
    steps: [
      "Sign in at letterboxd.com, open Settings, then Data, and press Export your data.",
      "Unpack the ZIP that is downloaded.",
      "Upload its CSV files here one by one. Start with diary.csv: it holds the dates.",
    ],
    notes: [
      "diary.csv: one viewing per entry on its watched date; a rewatch is a viewing of its own.",
      "watched.csv: every film seen, with the day on which it was marked. Best for films that are not in the diary.",
      "ratings.csv: your ratings. watchlist.csv: films wanted, which adds no viewing.",
      "lists/*.csv: one list each; the lines above the header are left out by themselves.",
      "reviews.csv: read like the diary; the text of a review is not taken over.",
    ],
  },
  template: {
    exportPage: null,
    steps: [
      "Download the template below and open it in any spreadsheet.",
      "Write one viewing per line and save it as CSV (UTF-8).",
      "Upload it here.",
    ],
    notes: [
      "Dates are written year-month-day, such as 2024-02-08.",
      "With a TMDB or IMDb id the title need not be searched, and nothing has to be decided.",
    ],
  },
};
