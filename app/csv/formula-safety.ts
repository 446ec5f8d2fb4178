/**
 * Cells that a spreadsheet would run as a formula get an apostrophe in front (OWASP "CSV injection", ASVS 1.2.10): those
 * that begin with `= + - @`, tab, CR, LF, NUL or the full-width forms of the four signs. So do cells that begin with
 * apostrophes before such a character, which makes the rule reversible: `'=1` becomes `''=1` and comes back as `'=1`.
 */
export const formulaStart = /^'*[=+\-@\t\r\n\0＝＋－＠]/;

const escapedStart = /^'+[=+\-@\t\r\n\0＝＋－＠]/;

/** The cell as it was before `formulaStart` cells got their apostrophe. Only for files that we have written ourselves. */
export function restoreFormula(cell: string): string {
  return escapedStart.test(cell) ? cell.slice(1) : cell;
}
