const LIGATURES: Record<string, string> = { æ: "ae", œ: "oe", ø: "o", ß: "ss", ł: "l", đ: "d" };

/**
 * A title reduced to what search compares: lower case, no accents, apostrophes closed up ("ocean's" →
 * "oceans"), every other sign a space. "&" is a sign, not "and".
 */
export function normalizeTitle(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("½", " 1 2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[æœøßłđ]/gu, (letter) => LIGATURES[letter] ?? letter)
    .replace(/['’`]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
