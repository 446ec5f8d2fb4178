import type { CsvRecord } from "#app/csv/read/records.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { Adapter, RowContext, RowError, RowSkip } from "#app/imports/sources/adapter.ts";
import { CellReader } from "./cell-reader.ts";
import type { Survey } from "./survey.ts";

/** What a row is: exactly one of the three is there. */
export interface Verdict {
  norm: NormalizedRow | null;
  problem: RowError | null;
  skip: RowSkip | null;
}

/** Judges records of one file: malformed, ragged, unstorable, or what the adapter says. One judge per file. */
export function rowJudge(
  adapter: Adapter,
  columns: readonly string[],
  context: RowContext,
  { nextOccurrence }: Pick<Survey, "nextOccurrence">,
): (record: CsvRecord) => Verdict {
  const reader = new CellReader(adapter, columns);
  const verdict: Verdict = { norm: null, problem: null, skip: null };
  return (record) => {
    const problem = reader.moveTo(record);
    if (problem !== null) return { ...verdict, problem };
    const occurrence = nextOccurrence?.(reader.cells);
    const result = adapter.normalize(reader.cells, context);
    if ("error" in result) return { ...verdict, problem: result.error };
    if ("skip" in result) return { ...verdict, skip: result.skip };
    if (occurrence !== undefined) result.ok.occurrence = occurrence;
    return { ...verdict, norm: result.ok };
  };
}
