import type { Adapter, Cells, RowContext, RowSkip } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { readNetflixTitle } from "./netflix-title.ts";
import { RowReader } from "./row-reader.ts";

/**
 * Viewing activity from the copy of all account data that Netflix sends on request: every start of a player, for all
 * profiles. Trailers and the like are rows with a `Supplemental Video Type`; they and the rows of profiles that were not
 * chosen are kept and skipped. A title watched in several sittings of one day is several rows and one viewing, so repeats
 * are duplicates here. `Start Time` is UTC, and its day is taken as it stands: the account's time zone is not in the file.
 */
export const netflixActivity: Adapter = {
  id: "netflix-activity",
  source: "netflix",
  label: "Netflix viewing activity (account data)",
  columns: [
    ...required("Profile Name", "Start Time"),
    ...optional("Duration", "Attributes"),
    ...required("Title", "Supplemental Video Type"),
    ...optional("Device Type", "Bookmark", "Latest Bookmark", "Country"),
  ],
  statesRewatches: false,
  wholeFile: { dayColumn: "Start Time", profileColumn: "Profile Name" },
  normalize(cells, context) {
    const skip = unwanted(cells, context);
    if (skip !== null) return { skip };
    const read = new RowReader(cells, context);
    return read.row({
      ...readNetflixTitle(read, "Title"),
      date: read.pastDay("Start Time"),
      intent: "viewing",
    });
  },
  examples: [
    [
      "Anna",
      "2020-09-26 19:04:11",
      "00:41:02",
      "",
      "Dark: Season 2: The White Devil (Episode 7)",
      "",
      "Smart TV",
      "00:53:21",
      "00:53:21",
      "DE (Germany)",
    ],
    [
      "Anna",
      "2020-09-13 18:10:45",
      "03:20:00",
      "",
      "The Irishman",
      "",
      "Smart TV",
      "03:25:00",
      "03:25:00",
      "DE (Germany)",
    ],
  ],
  howTo: [
    "Sign in at netflix.com, open Account, then Security, and ask for a copy of your personal information.",
    "Netflix writes when it is ready, which can take days; download and unpack the ZIP.",
    "Upload ViewingActivity.csv from the folder CONTENT_INTERACTION, and choose in the preview whose rows are wanted.",
  ],
};

function unwanted(cells: Cells, { profiles }: RowContext): RowSkip | null {
  if (profiles !== null && !profiles.has(cells("Profile Name"))) {
    return { code: "OTHER_PROFILE", message: "The row is of a profile that was not chosen." };
  }
  const type = cells("Supplemental Video Type");
  if (type === "") return null;
  const kind = type.length > 40 ? "trailer or the like" : type.toLowerCase().replaceAll("_", " ");
  return {
    code: "NOT_A_VIEWING",
    message: `The row is about a clip that Netflix showed (${kind}), not about a viewing.`,
  };
}
