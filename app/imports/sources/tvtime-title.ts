import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { trailingYear, withoutTrailingYear } from "#app/matching/title.ts";
import type { RowReader } from "./row-reader.ts";

/** A show's name; TV Time tells namesakes apart by the year ("Bodyguard (2018)"). */
export function readShow(
  read: RowReader,
  column: string,
): Pick<NormalizedRow, "title" | "yearHint" | "kind"> {
  const name = read.title(column);
  return { title: withoutTrailingYear(name), yearHint: trailingYear(name), kind: "tv" };
}

/** What operators are told of both ways to such a file. */
export const howToFromTvTime: readonly string[] = [
  "TV Time closed in July 2026. Files come from the copy of your data that it sent on request (a ZIP of some fifty CSV files), or from a browser extension that exported your lists.",
  "Unpack the ZIP and upload tracking-prod-records-v2.csv for episodes and tracking-prod-records.csv for films; files with tokens or addresses are not needed.",
  "From an extension, upload the files that begin with tvtime-series-episodes and tvtime-movies.",
];
