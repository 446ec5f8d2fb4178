export const delimiters = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

const headLines = 10;
const headLength = 16_384;

const isDelimiter = (text: string | undefined): text is Delimiter =>
  delimiters.some((delimiter) => delimiter === text);

/** The delimiter that an Excel `sep=;` first line names; null without such a line or with a delimiter nobody uses. */
function statedDelimiter(head: string): Delimiter | null {
  const stated = /^\s*"?sep=(.)"?[\s,;|]*?(?:[\r\n]|$)/i.exec(head.slice(0, 200))?.[1];
  return isDelimiter(stated) ? stated : null;
}

/** Whether a record is Excel's `sep=` line, with whatever delimiter it was read. */
export function isDelimiterLine(cells: readonly string[]): boolean {
  return /^sep=.?$/i.test(cells[0]?.trim() ?? "") && cells.slice(1).every((cell) => cell.trim() === "");
}

/**
 * Every delimiter, likeliest first: by how often it stands outside quotes in the first ten lines. The header decides
 * between them; this order only says which one to try first and which one an error message is about.
 */
export function rankDelimiters(head: string): Delimiter[] {
  const stated = statedDelimiter(head);
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  let lines = 0;
  for (const character of head.slice(0, headLength)) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === "\n" || character === "\r") lines += 1;
    if (lines > headLines) break;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  if (stated !== null) counts.set(stated, Number.POSITIVE_INFINITY);
  return delimiters.toSorted((one, two) => (counts.get(two) ?? 0) - (counts.get(one) ?? 0));
}
