/**
 * PostgreSQL stores neither NUL (22P05 in jsonb, 22021 in text) nor unpaired surrogates (22P02), and one of them fails a
 * whole batch. Here they become visible characters, so that the row can be kept and refused by itself.
 */

const nul = /\0/g;
/** With the `u` flag a surrogate matches only when it stands alone. */
const loneSurrogate = /\p{Surrogate}/gu;
const replacement = /\u2400|\\ud[89a-f][0-9a-f]{2}/;

export const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** The text with NUL as `␀` (U+2400) and an unpaired surrogate as its escape, such as `\ud800`. */
export function makeStorable(text: string): string {
  return text
    .replace(nul, "\u2400")
    .replace(loneSurrogate, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

/** Whether a text that went through `makeStorable` holds a replacement. */
export const hasReplacement = (text: string): boolean => replacement.test(text);
