import { createHash } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A number in 0 … below-1 that is always the same for the same text. */
export function stableNumber(text: string, below: number): number {
  return createHash("sha1").update(text).digest().readUInt32BE(0) % below;
}

/** Letters and digits that are always the same for the same text, up to 32 of them. */
export function stableToken(text: string, length: number): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, length);
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Hex digits that are always the same for the same text, up to 40 of them: the shape of TMDB's credit ids. */
export function stableHex(text: string, length: number): string {
  return createHash("sha1").update(text).digest("hex").slice(0, length);
}
