import type { QuoteLine } from "#app/quotes/line-type.ts";

/**
 * The words of a quote as they are compared: what is said, without case, accents, punctuation and spacing; who says it and how are
 * left out, since people write that down differently. A quote in which nothing is said is compared by what happens.
 */
export function wordsOf(lines: readonly Pick<QuoteLine, "type" | "text">[]): string {
  const spoken = lines.filter(({ type }) => type !== "stage_direction");
  const text = (spoken.length > 0 ? spoken : lines).map((line) => line.text).join(" ");
  const folded = fold(text);
  const prefix = spoken.length > 0 ? "" : "[]";
  // "…?!" has no words: it is itself.
  return prefix + (folded || text.replaceAll(/\s+/g, ""));
}

/** What names are told apart by. */
export const nameKey = (name: string): string => fold(name) || name.trim().toLowerCase();

function fold(text: string): string {
  return (
    text
      .normalize("NFKD")
      .toLowerCase()
      // Accents alone: in other scripts marks are vowels.
      .replaceAll(/[\u0300-\u036f'’]/g, "")
      .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, " ")
      .trim()
  );
}
