/**
 * Most arrivals in any window of a limit's length.
 *
 * @param arrivals milliseconds · @param perMs the window
 */
export function mostInAnyWindow(arrivals: number[], perMs: number): number {
  const sorted = arrivals.toSorted((a, b) => a - b);
  let most = 0;
  let start = 0;
  for (const [index, at] of sorted.entries()) {
    while ((sorted[start] ?? at) <= at - perMs) start++;
    most = Math.max(most, index - start + 1);
  }
  return most;
}
