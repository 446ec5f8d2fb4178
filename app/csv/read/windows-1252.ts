/**
 * Whether bytes that are not UTF-8 may be read as Windows-1252. Any byte string *can* be, so the fallback asks for evidence:
 * accented letters standing in words, and nearly nothing that no one writes ("aí ½b", "Ã©", long runs of high bytes, as in
 * Shift-JIS, GBK or KOI8 read wrongly).
 */

/** Bytes to which Windows-1252 gives no character. */
export const undefinedInWindows1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

const lettersBelowC0 = new Set([0x83, 0x8a, 0x8c, 0x8e, 0x9a, 0x9c, 0x9e, 0x9f, 0xaa, 0xba]);
/** Bare diacritics and the like: on keyboards, but not in titles. */
const unlikely = new Set([0xa4, 0xa6, 0xa8, 0xac, 0xaf, 0xb8]);
const wordLength = 3;

const isLetter = (byte: number): boolean =>
  (byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7) || lettersBelowC0.has(byte);
const isAsciiLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/** True when the bytes are plausible Windows-1252 text with at least one accented letter beside a plain one. */
export function isPlausibleWindows1252(bytes: Uint8Array): boolean {
  let high = 0;
  let odd = 0;
  let run = 0;
  let lettersInWords = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      run = 0;
      continue;
    }
    if (undefinedInWindows1252.has(byte)) return false;
    high += 1;
    run += 1;
    const before = bytes[at - 1] ?? 0;
    const after = bytes[at + 1] ?? 0;
    const letter = isLetter(byte);
    if (letter && (isAsciiLetter(before) || isAsciiLetter(after))) lettersInWords += 1;
    if (run >= wordLength || unlikely.has(byte) || looksLikeUtf8Pair(before, byte)) odd += 1;
  }
  // The C1 range alone ("L\x92Avventura") is no evidence: in Latin-1 the same bytes are control characters.
  return lettersInWords > 0 && odd * 20 <= high;
}

/** "Ã©", "â€": a UTF-8 lead byte and a continuation byte that is neither a letter nor closing punctuation. */
function looksLikeUtf8Pair(before: number, byte: number): boolean {
  if (before < 0xc0 || byte >= 0xc0) return false;
  const closing =
    byte === 0x85 || (byte >= 0x91 && byte <= 0x97) || byte === 0xa0 || byte === 0xbb || byte === 0xb7;
  return !closing;
}
