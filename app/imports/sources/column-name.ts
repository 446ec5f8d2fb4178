/** Columns of a format that every file of it has. */
export const required = (...names: string[]) => names.map((name) => ({ name, required: true }));

/** Columns of a format that a file may lack. */
export const optional = (...names: string[]) => names.map((name) => ({ name, required: false }));

/** A header as it is shown and stored: trimmed, non-breaking spaces as spaces. */
export function columnName(cell: string): string {
  return cell.replaceAll("\u00a0", " ").normalize("NFC").trim();
}

/** A header as it is compared: also in lower case. */
export const columnKey = (cell: string): string => columnName(cell).toLowerCase();

export const matchesColumn = (cell: string, name: string): boolean => columnKey(cell) === name.toLowerCase();

/**
 * Whether a header is probably a misspelling of a column: at most two letters added, lost or changed, one in short names.
 * Names are at most 40 letters long here, so the quadratic table stays small.
 */
export function isMisspelling(cell: string, name: string): boolean {
  const one = columnKey(cell);
  const two = name.toLowerCase();
  const allowed = two.length <= 4 ? 1 : 2;
  if (one === two || one.length > 40 || Math.abs(one.length - two.length) > allowed) return false;
  return editDistance(one, two) <= allowed;
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(one: string, two: string): number {
  let row = Array.from({ length: two.length + 1 }, (_, at) => at);
  for (let left = 1; left <= one.length; left += 1) {
    const next = [left];
    for (let right = 1; right <= two.length; right += 1) {
      const changed = (row[right - 1] ?? 0) + (one[left - 1] === two[right - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[right] ?? 0) + 1, (next[right - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[two.length] ?? 0;
}
