import Papa from "papaparse";
import { formulaStart } from "#app/csv/formula-safety.ts";

/** Records as CSV text with CRLF, made harmless for spreadsheets (formula-safety.ts). */
export function csvLines(rows: readonly (readonly (string | number)[])[], delimiter = ","): string {
  const text = Papa.unparse(
    rows.map((row) => [...row]),
    { delimiter, newline: "\r\n", escapeFormulae: formulaStart },
  );
  return `${text}\r\n`;
}
