/**
 * Reading JSON that somebody else shapes: every step may be missing, null or of another type, and then the answer is
 * null (or an empty list), never an exception.
 */

/** Longer than any name or note; a list keeper's description may be a page. */
const LONGEST_TEXT = 10_000;

/** The value below a path of keys; undefined where a step is missing. Only own keys count: `__proto__` of a body is data. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Text as people read it: one line, no NUL, no half of a surrogate pair; null when blank or no text. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === "string" ? cleanText(found) : null;
}

export function cleanText(text: string): string | null {
  const clean = text
    .slice(0, LONGEST_TEXT)
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return clean === "" ? null : clean;
}

/** A whole number from `least` on, also written as text; else null. */
export function wholeAt(least: number, value: unknown, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  const number = typeof found === "string" && /^\d{1,9}$/.test(found) ? Number(found) : found;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= least ? number : null;
}
