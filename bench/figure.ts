/** One measured figure with what it is measured against in the same run. */
export interface Figure {
  what: string;
  /** As people read it: "2.10 x \\copy", "3,400 rows/s". */
  measured: string;
  /** "at most 2.5 x"; a dash where it is shown for information. */
  limit: string;
  pass: boolean | null;
}

/** A figure that may not exceed its limit. */
export function atMost(what: string, value: number, limit: number, unit: string, digits = 2): Figure {
  return {
    what,
    measured: `${format(value, digits)} ${unit}`,
    limit: `at most ${format(limit, 0, 2)} ${unit}`,
    pass: value <= limit,
  };
}

/** A figure that may not fall below its limit. */
export function atLeast(what: string, value: number, limit: number, unit: string, digits = 0): Figure {
  return {
    what,
    measured: `${format(value, digits)} ${unit}`,
    limit: `at least ${format(limit, 0, 2)} ${unit}`,
    pass: value >= limit,
  };
}

/** A figure without a limit: what the others are measured against. */
export function shown(what: string, value: number, unit: string, digits = 0): Figure {
  return { what, measured: `${format(value, digits)} ${unit}`, limit: "-", pass: null };
}

/** A yes or no: an index is used, an invariant holds. */
export function held(what: string, pass: boolean, measured: string): Figure {
  return { what, measured, limit: "must hold", pass };
}

function format(value: number, least: number, most = least): string {
  return value.toLocaleString("en", { minimumFractionDigits: least, maximumFractionDigits: most });
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Figures as a plain text table under a heading. */
export function printFigures(heading: string, figures: Figure[]): void {
  const verdict = (figure: Figure) => (figure.pass === null ? "" : figure.pass ? "pass" : "OVER");
  const rows = figures.map((figure) => [figure.what, figure.measured, figure.limit, verdict(figure)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  console.log(`\n${heading}\n${rows.map((row) => `  ${line(row).trimEnd()}`).join("\n")}`);
}
