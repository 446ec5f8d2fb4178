import { AppError } from "#app/errors.ts";
import type { Cells, RowContext, WholeFile } from "#app/imports/sources/adapter.ts";
import { DayOrderEvidence } from "#app/imports/sources/day-order-evidence.ts";
import { spacedTitle } from "#app/matching/episode-title.ts";
import { CellReader } from "./cell-reader.ts";
import { dataRecords } from "./data-records.ts";
import type { Layout } from "./layout.ts";
import type { ParseChoices, ParseOptions } from "./parse-report.ts";

/** What the first pass over a file found. */
export interface Survey {
  dayOrder: RowContext["dayOrder"];
  profiles: RowContext["profiles"];
  choices: ParseChoices;
  /** Occurrence of the next row, for formats whose repeats count; to be asked once per sound row, in order. */
  nextOccurrence: ((cells: Cells) => number) | null;
}

/** Profiles that a report names: an account has five. */
const reportedProfiles = 50;

const nothingToKnow: Survey = { dayOrder: "ymd", profiles: null, choices: {}, nextOccurrence: null };

/**
 * Reads a whole file once for what its format leaves to be inferred: order of dates, profiles, repeats. Costs nothing for
 * formats that leave nothing open.
 *
 * @param maxRows the pass ends behind so many rows; the second one refuses the file
 * @throws AppError `PROFILE_NOT_FOUND` (422) when none of the wanted profiles is in the file
 */
export function surveyFile(
  bytes: Uint8Array,
  layout: Layout,
  options: ParseOptions,
  maxRows: number,
): Survey {
  const { wholeFile } = layout.adapter;
  if (wholeFile === undefined) return nothingToKnow;
  const reader = new CellReader(layout.adapter, layout.columns);
  const days = new DayOrderEvidence();
  const profiles = new Map<string, number>();
  const repeats = new Repeats(wholeFile.repeatColumns ?? []);
  let rows = 0;
  for (const record of dataRecords(bytes, layout)) {
    rows += 1;
    if (rows > maxRows) break;
    if (reader.moveTo(record) !== null) continue;
    const { cells } = reader;
    if (wholeFile.dayColumn !== undefined) days.add(cells(wholeFile.dayColumn));
    if (wholeFile.profileColumn !== undefined) add(profiles, cells(wholeFile.profileColumn));
    if (wholeFile.repeatColumns !== undefined) repeats.count(cells);
  }
  const wanted = wantedProfiles(profiles, options);
  const { dayOrder, choices } = dayOrderOf(wholeFile, days, options);
  return {
    dayOrder,
    profiles: wanted,
    choices: { ...choices, ...(profiles.size > 0 && { profiles: listed(profiles, wanted) }) },
    nextOccurrence: wholeFile.repeatColumns === undefined ? null : (cells) => repeats.next(cells),
  };
}

function dayOrderOf(
  { dayColumn }: WholeFile,
  days: DayOrderEvidence,
  options: ParseOptions,
): Pick<Survey, "dayOrder" | "choices"> {
  const finding = dayColumn === undefined ? null : days.finding();
  const chosen = options.dateOrder ?? finding?.order ?? "ymd";
  if (finding === null) return { dayOrder: chosen, choices: {} };
  return { dayOrder: chosen, choices: { dateOrder: { chosen, possible: finding.possible } } };
}

function wantedProfiles(found: ReadonlyMap<string, number>, options: ParseOptions): Survey["profiles"] {
  if (options.profiles === undefined || found.size === 0) return null;
  const wanted = new Set(options.profiles);
  if ([...wanted].some((name) => found.has(name))) return wanted;
  const names = [...found.keys()].slice(0, 10).join(", ");
  throw new AppError(
    "PROFILE_NOT_FOUND",
    422,
    `None of the chosen profiles is in this file. It has: ${names}. Choose among these.`,
    { profiles: [...found.keys()].slice(0, reportedProfiles) },
  );
}

function listed(
  found: ReadonlyMap<string, number>,
  wanted: Survey["profiles"],
): NonNullable<ParseChoices["profiles"]> {
  const all = [...found].map(([name, count]) => ({
    name,
    count,
    chosen: wanted === null || wanted.has(name),
  }));
  const byCount = all.toSorted((one, two) => two.count - one.count);
  // What is frozen is read from this list, so none of the chosen may fall off its end.
  const rank = (one: { chosen: boolean }) => (one.chosen ? 0 : 1);
  const kept = new Set(byCount.toSorted((one, two) => rank(one) - rank(two)).slice(0, reportedProfiles));
  return byCount.filter((profile) => kept.has(profile));
}

/** Counts equal records. The last one of a file is its first occurrence: see `WholeFile.repeatColumns`. */
class Repeats {
  readonly #columns: readonly string[];
  readonly #left = new Map<string, number>();

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  count(cells: Cells): void {
    add(this.#left, this.#keyOf(cells));
  }

  next(cells: Cells): number {
    const key = this.#keyOf(cells);
    const left = this.#left.get(key) ?? 1;
    this.#left.set(key, left - 1);
    return left;
  }

  #keyOf(cells: Cells): string {
    return this.#columns.map((column) => spacedTitle(cells(column))).join("\n");
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
