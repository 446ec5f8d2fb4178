/** The first film prizes are of the 1880s, like the first films. */
const EARLIEST = 1880;
const LATEST = 2100;
/** More editions than any event has had. */
const MOST_YEARS = 200;

/**
 * Reads years as people write them: `2024`, `2019-2024`, `1994, 2000–2003`.
 *
 * @returns each year once, newest first; null when it cannot be read, or nothing is in it
 */
export function parseYears(text: string): number[] | null {
  const years = new Set<number>();
  for (const part of text
    .replaceAll(/\s*[-–]\s*/g, "-")
    .split(/[,;\s]+/)
    .filter(Boolean)) {
    const [, from, to] = /^(\d{4})(?:-(\d{4}))?$/.exec(part) ?? [];
    if (!from) return null;
    const first = Math.min(Number(from), Number(to ?? from));
    const last = Math.max(Number(from), Number(to ?? from));
    if (first < EARLIEST || last > LATEST) return null;
    for (let year = first; year <= last; year += 1) years.add(year);
  }
  return years.size > 0 && years.size <= MOST_YEARS ? [...years].sort((a, b) => b - a) : null;
}

/** Years as people read them, oldest first: `1994, 2000–2003`. */
export function formatYears(years: readonly number[]): string {
  const sorted = [...new Set(years)].sort((a, b) => a - b);
  const spans: { from: number; to: number }[] = [];
  for (const year of sorted) {
    const last = spans.at(-1);
    if (last && last.to === year - 1) last.to = year;
    else spans.push({ from: year, to: year });
  }
  return spans.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}

/** The years that a list's settings name: `year`, `years`; those of an address come first. */
export function yearsOfMetadata(metadata: Record<string, unknown>): number[] {
  const named = [metadata.years, metadata.year].flat();
  const years = named
    .map(Number)
    .filter((year) => Number.isInteger(year) && year >= EARLIEST && year <= LATEST);
  return [...new Set(years)].sort((a, b) => b - a);
}
