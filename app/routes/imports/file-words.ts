import type { Delimiter } from "#app/csv/read/delimiter.ts";
import type { Encoding } from "#app/csv/read/encoding.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { DayOrder } from "#app/imports/sources/day.ts";
import { formatDay } from "#app/ui/format.ts";

const delimiterWords: Readonly<Record<Delimiter, string>> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "vertical bar",
};

/** A delimiter by its name, because the character itself is hard to see. */
export function delimiterWord(delimiter: string): string {
  return Object.entries(delimiterWords).find(([character]) => character === delimiter)?.[1] ?? delimiter;
}

const encodingWords: Readonly<Record<Encoding, string>> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16 (big-endian)",
  "windows-1252": "Windows-1252",
};

/** An encoding as people write it. */
export function encodingWord(encoding: Encoding): string {
  return encodingWords[encoding];
}

const dayOrderNames: Readonly<Record<DayOrder, string>> = {
  mdy: "month first (9/26/2020)",
  dmy: "day first (26/9/2020)",
  ymd: "year first (2020-09-26)",
};

/** An order of day, month and year, with an example. */
export function dayOrderWords(order: DayOrder): string {
  return dayOrderNames[order];
}

const intentWords: Readonly<Record<NormalizedRow["intent"], string>> = {
  viewing: "seen",
  wish: "wanted",
  rating: "rated",
  listing: "listed",
};

/** What was understood of a row, in one line: `Crash (2005), seen 8 Feb 2024, rated 8 of 10`. */
export function rowInWords(row: NormalizedRow): string {
  const title = row.yearHint === null ? row.title : `${row.title} (${row.yearHint})`;
  const episode = [
    row.season === null ? null : `season ${row.season}`,
    row.episode === null ? null : `episode ${row.episode}`,
  ];
  const what = row.rewatch ? "seen again" : intentWords[row.intent];
  const rating = row.rating === null ? null : `${row.intent === "rating" ? "" : "rated "}${row.rating} of 10`;
  const parts = [title, ...episode, row.date === null ? what : `${what} ${formatDay(row.date)}`, rating];
  return parts.filter((part) => part !== null).join(", ");
}
