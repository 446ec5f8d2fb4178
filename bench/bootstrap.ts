const RESAMPLES = 4_000;
/** So much of the statistic's scatter lies within the interval. */
const SHARE = 0.95;

/**
 * Where a statistic of these values lies with 95 % certainty: it is taken again and again of as many values, drawn from them by chance with
 * repetition. The same values give the same interval.
 *
 * @param values two or more
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (values: number[]) => number,
): { least: number; most: number } {
  const random = seeded(1);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    statistic(values.map(() => values[Math.floor(random() * values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))] ?? 0;
  return { least: at((1 - SHARE) / 2), most: at((1 + SHARE) / 2) };
}

/** A linear congruential generator (Numerical Recipes): good enough to draw indexes with. @returns numbers from 0 up to 1 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
