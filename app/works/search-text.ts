import { normalizeTitle } from "#app/matching/title.ts";

/** What a work is found by: the words of its titles without case, accents and punctuation. */
export function searchText(title: string, originalTitle: string | null): string {
  const words = [normalizeTitle(title), originalTitle ? normalizeTitle(originalTitle) : ""].join(" ");
  return [...new Set(words.split(" "))].filter(Boolean).join(" ");
}

/**
 * The same for what somebody types, as PostgreSQL reads it: every word must occur, the last letters of each may be missing.
 *
 * @returns null when there is no word in it to search for
 */
export function searchQuery(typed: string): string | null {
  // Letters and digits only: nothing that PostgreSQL could take for an operator.
  const words = normalizeTitle(typed).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.length === 0
    ? null
    : words
        .slice(0, 12)
        .map((word) => `${word}:*`)
        .join(" & ");
}
