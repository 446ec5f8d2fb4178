import type { Adapter } from "./adapter.ts";
import { required } from "./column-name.ts";
import { readNetflixTitle } from "./netflix-title.ts";
import { RowReader } from "./row-reader.ts";

/**
 * Netflix's viewing history of one profile, newest first. Titles and dates follow the language of the account: the order of
 * day and month is inferred from the whole file. The same title twice on one day is two viewings.
 */
export const netflixHistory: Adapter = {
  id: "netflix-history",
  source: "netflix",
  label: "Netflix viewing history",
  columns: required("Title", "Date"),
  statesRewatches: false,
  wholeFile: { dayColumn: "Date", repeatColumns: ["Title", "Date"] },
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      ...readNetflixTitle(read, "Title"),
      date: read.pastDay("Date"),
      intent: "viewing",
    });
  },
  examples: [
    ["Dark: Season 2: The White Devil", "9/26/20"],
    ["The Irishman", "9/13/20"],
  ],
  howTo: [
    "Sign in at netflix.com in a browser and open Account, then your profile, then Viewing activity.",
    "Scroll to the end of the list and press Download all.",
    "Upload NetflixViewingHistory.csv as it is, in whatever language. Dates may be month first or day first: check the order in the preview.",
  ],
};
