/** Positions that nobody holds, both ends included. */
export interface Gap {
  from: number;
  to: number;
}

export interface PositionAudit {
  gaps: Gap[];
  /** How many positions are missing in all. */
  missing: number;
  /** Positions that several titles hold. */
  shared: number[];
}

/**
 * Looks for gaps in the positions of a list (L-06). What is no title (people, pictures) holds a position at IMDb and none
 * here, so a gap is a question, not a proof.
 *
 * @param positions of the titles that are in the list now, from 1, in any order
 * @param declared how many positions the list says that it has; null where it does not
 */
export function auditPositions(positions: readonly number[], declared: number | null): PositionAudit {
  const sorted = [...positions].sort((a, b) => a - b);
  const gaps: Gap[] = [];
  const shared = new Set<number>();
  let last = 0;
  for (const position of sorted) {
    if (position === last) shared.add(position);
    else if (position > last + 1) gaps.push({ from: last + 1, to: position - 1 });
    last = position;
  }
  if (declared !== null && declared > last) gaps.push({ from: last + 1, to: declared });
  return { gaps, missing: gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0), shared: [...shared] };
}

/** Gaps in words, the first few of them: `4, 76–150 and 3 more`. */
export function formatGaps(gaps: readonly Gap[], most = 5): string {
  const words = gaps.slice(0, most).map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const more = gaps.length - words.length;
  return more > 0 ? `${words.join(", ")} and ${more} more` : words.join(", ");
}
