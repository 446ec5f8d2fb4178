import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ParsedRow, ParseOptions, ParseReport } from "#app/imports/csv/parse-report.ts";
import { parseRows } from "#app/imports/csv/parse-rows.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";

export interface Parsed {
  report: Omit<ParseReport, "sha256">;
  rows: ParsedRow[];
}

/** Parses in this thread: what parse-file.server.ts does in its own. */
export function parse(
  content: string | Uint8Array,
  options: ParseOptions = {},
  fileName = "file.csv",
): Parsed {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const batches = parseRows({ bytes, fileName }, options, true);
  const rows: ParsedRow[] = [];
  for (;;) {
    const step = batches.next();
    if (step.done) return { report: step.value, rows };
    rows.push(...(JSON.parse(step.value.json) as ParsedRow[]));
  }
}

/** The error code with which a file is refused. */
export function refusal(
  content: string | Uint8Array,
  options: ParseOptions = {},
  fileName = "file.csv",
): string {
  try {
    const { report } = parse(content, options, fileName);
    return `accepted ${report.totalRows} rows`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** The bytes of a file in the shared fixtures; only for tests that skip without them. */
export function fixture(path: string): Uint8Array {
  if (sharedFixtures === null) throw new Error("The shared fixtures are not here");
  return new Uint8Array(readFileSync(join(sharedFixtures, path)));
}
