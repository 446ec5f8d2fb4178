/** Below this share of its event's median a ceremony is looked at: events do grow and shrink, but rarely by a third. */
const LOW_SHARE = 2 / 3;
/** Of fewer, nobody can say what is usual. */
const LEAST_CEREMONIES = 3;

export interface AuditedCeremony {
  id: string;
  /** Nominations that are there. */
  found: number;
  /** Against the median of the event: -0.67 is two thirds below it. null: nothing to compare it with. */
  againstMedian: number | null;
  isLow: boolean;
}

/**
 * Compares the ceremonies of one event with their own median (L-06): `8 nominations, median 24, −67 %` is more often a page
 * that was read in part than a small year.
 */
export function auditCeremonies(ceremonies: readonly { id: string; found: number }[]): {
  median: number | null;
  ceremonies: AuditedCeremony[];
} {
  const median = ceremonies.length < LEAST_CEREMONIES ? null : medianOf(ceremonies.map((one) => one.found));
  return {
    median,
    ceremonies: ceremonies.map(({ id, found }) => ({
      id,
      found,
      againstMedian: median ? found / median - 1 : null,
      isLow: median !== null && found < median * LOW_SHARE,
    })),
  };
}

/** The middle value, or the mean of the two in the middle; null of nothing. */
export function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
