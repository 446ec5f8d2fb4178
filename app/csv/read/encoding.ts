import { AppError } from "#app/errors.ts";
import { refuseBinary } from "./file-kind.ts";
import { isPlausibleWindows1252, undefinedInWindows1252 } from "./windows-1252.ts";

export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof encodings)[number];

/** Large enough that decoding is native work, small enough that memory does not follow the size of the file. */
const chunkBytes = 256 * 1024;

/**
 * How the bytes of a text file are to be read. UTF-8 is believed when the whole file is valid; UTF-16 only with its byte
 * order mark; Windows-1252 is a fallback, taken only when the text is plausible, and always stated in the report.
 *
 * @throws AppError `BAD_ENCODING` (422) naming the first line that is not valid, `NOT_TEXT` (415)
 */
export function detectEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  refuseUnmarkedUtf16(bytes);
  refuseBinary(bytes);
  if (isUtf8(bytes)) return "utf-8";
  if (endsInsideCharacter(bytes)) {
    throw badEncoding(lineCount(bytes), "The file ends in the middle of a character, so it was cut short.");
  }
  if (hasUtf8Mark(bytes) || !isPlausibleWindows1252(bytes)) {
    throw badEncoding(firstBadLine(bytes), "It is neither UTF-8 nor plausible Windows-1252 text.");
  }
  return "windows-1252";
}

/**
 * The text of a file in chunks, without its byte order mark. The encoding is obeyed exactly. U+FFFD never stands in for
 * something unreadable; unpaired surrogates of a UTF-16 file are passed on, for the row to be refused.
 *
 * @throws AppError `BAD_ENCODING` (422) where the bytes cannot be text of this encoding
 */
export function* decodeText(
  bytes: Uint8Array,
  encoding: Encoding,
  size: number = chunkBytes,
): Generator<string, void, undefined> {
  if (encoding === "utf-16le" || encoding === "utf-16be") {
    yield* decodeUtf16(bytes, encoding === "utf-16le", size);
    return;
  }
  if (encoding === "windows-1252") refuseUndefined(bytes);
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: at + size < bytes.length });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw badEncoding(firstBadLine(bytes), "It is not UTF-8.");
    }
    if (text !== "") yield text;
  }
}

function* decodeUtf16(bytes: Uint8Array, little: boolean, size: number): Generator<string, void, undefined> {
  if (bytes.length % 2 === 1) {
    throw new AppError(
      "BAD_ENCODING",
      422,
      "This UTF-16 file ends in the middle of a character, so it was cut short. Export it again.",
    );
  }
  const units = new Uint16Array(4096);
  let text = "";
  let used = 0;
  // An own loop rather than TextDecoder: that one has no way to keep an unpaired surrogate, it either throws or replaces it.
  for (let at = startsWithMark(bytes, little) ? 2 : 0; at < bytes.length; at += 2) {
    const one = bytes[at] ?? 0;
    const two = bytes[at + 1] ?? 0;
    units[used] = little ? one | (two << 8) : (one << 8) | two;
    used += 1;
    if (used < units.length) continue;
    text += String.fromCharCode(...units);
    used = 0;
    if (text.length * 2 < size) continue;
    yield text;
    text = "";
  }
  text += String.fromCharCode(...units.subarray(0, used));
  if (text !== "") yield text;
}

const startsWithMark = (bytes: Uint8Array, little: boolean): boolean =>
  bytes[0] === (little ? 0xff : 0xfe) && bytes[1] === (little ? 0xfe : 0xff);

const hasUtf8Mark = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** In UTF-16 text of a Western or a CSV kind every second byte of the head is NUL, always on the same side. */
function refuseUnmarkedUtf16(bytes: Uint8Array): void {
  const head = bytes.subarray(0, 4096);
  const nuls = [0, 0];
  for (let at = 0; at < head.length; at += 1) if (head[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const most = Math.max(even, odd);
  const least = Math.min(even, odd);
  if (most > 8 && most * 3 > head.length && least * 10 < most) {
    throw new AppError(
      "BAD_ENCODING",
      422,
      "This looks like UTF-16 text without a byte order mark. Save the file as UTF-8 and upload it again.",
    );
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      decoder.decode(bytes.subarray(at, at + chunkBytes), { stream: at + chunkBytes < bytes.length });
    }
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Valid UTF-8 but for a character that the end of the file cuts in two. */
function endsInsideCharacter(bytes: Uint8Array): boolean {
  for (let cut = 1; cut <= 3 && cut < bytes.length; cut += 1) {
    const lead = bytes[bytes.length - cut] ?? 0;
    if (lead < 0x80) return false;
    if (lead < 0xc0) continue;
    const expected = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return expected > cut && isUtf8(bytes.subarray(0, bytes.length - cut));
  }
  return false;
}

/** Physical line, from 1, of the first byte that is not UTF-8. */
function firstBadLine(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) break;
    at += length;
  }
  return lineCount(bytes.subarray(0, at));
}

/** Bytes of the UTF-8 character at an offset; 0 when there is none: overlong forms, surrogates and what lies past U+10FFFF. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = 2; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function lineCount(bytes: Uint8Array): number {
  let lines = 1;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)) lines += 1;
  }
  return lines;
}

function refuseUndefined(bytes: Uint8Array): void {
  const at = bytes.findIndex((byte) => undefinedInWindows1252.has(byte));
  if (at === -1) return;
  throw badEncoding(lineCount(bytes.subarray(0, at)), "It holds bytes that Windows-1252 does not define.");
}

function badEncoding(line: number, why: string): AppError {
  return new AppError(
    "BAD_ENCODING",
    422,
    `Line ${line} cannot be read as text. ${why} Save the file as UTF-8 and upload it again.`,
    { line },
  );
}
