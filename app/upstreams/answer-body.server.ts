import type { IncomingHttpHeaders } from "node:http";
import type { Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";

/** The body is larger than the cap, counted after decoding: a gzip bomb is small on the wire. */
export class BodyTooLarge extends Error {}

/** The body's encoding is one that was not asked for. */
export class UnknownEncoding extends Error {}

function decoderFor(headers: IncomingHttpHeaders): Transform | null {
  const encoding = String(headers["content-encoding"] ?? "identity")
    .trim()
    .toLowerCase();
  switch (encoding) {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "br":
      return createBrotliDecompress();
    default:
      throw new UnknownEncoding(encoding);
  }
}

/**
 * Reads a response body to its end, decoded, and stops at the first byte over the cap.
 *
 * @param maxBytes cap for the decoded body
 * @throws BodyTooLarge, UnknownEncoding, or what the stream fails with (reset, timeout, broken encoding)
 */
export async function readBody(
  body: Readable,
  headers: IncomingHttpHeaders,
  maxBytes: number,
): Promise<Buffer> {
  let source: Readable = body;
  try {
    const decoder = decoderFor(headers);
    if (decoder) {
      // `pipe` passes no errors on: a reset would otherwise leave the decoder waiting for ever.
      body.on("error", (error) => decoder.destroy(error));
      source = body.pipe(decoder);
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of source) {
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      size += bytes.length;
      if (size > maxBytes) throw new BodyTooLarge();
      chunks.push(bytes);
    }
    return Buffer.concat(chunks, size);
  } finally {
    source.destroy();
    // Closes the connection when something is left unread; a body read to its end is not affected.
    body.on("error", () => {});
    body.destroy();
  }
}

const hostileEscape = /\\u(?:0000|d[89a-f])/i;

/** NUL and lone surrogates are legal JSON but no text for PostgreSQL: taken out here, once, for every caller. */
function cleanText(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "").toWellFormed();
  if (Array.isArray(value)) return value.map(cleanText);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleanText(item)]));
  return value;
}

/**
 * Parses a JSON body: UTF-8 (a BOM is let pass), nothing else.
 *
 * @returns the value, or the reason why it is not one: `EMPTY`, `HTML`, `NOT_UTF8`, `CONTENT_TYPE` (declared as something
 *   else), `NOT_JSON` (garbage, or cut off)
 */
export function parseJson(
  body: Buffer,
  contentType: string | undefined,
): { value: unknown } | { problem: "EMPTY" | "HTML" | "NOT_UTF8" | "CONTENT_TYPE" | "NOT_JSON" } {
  if (body.length === 0) return { problem: "EMPTY" };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return { problem: "NOT_UTF8" };
  }
  if (/^\s*</.test(text)) return { problem: "HTML" };
  if (contentType !== undefined && !/^[\w.+-]+\/(?:[\w.-]+\+)?json\b/i.test(contentType.trim()))
    return { problem: "CONTENT_TYPE" };
  try {
    const value: unknown = JSON.parse(text);
    return { value: hostileEscape.test(text) ? cleanText(value) : value };
  } catch {
    return { problem: "NOT_JSON" };
  }
}

/**
 * Reads a body as the text of a page: by its declared encoding, else UTF-8; what is not of that encoding becomes U+FFFD, because
 * a page is looked through, not kept.
 *
 * @returns the text, or the reason why there is none
 */
export function parseText(
  body: Buffer,
  contentType: string | undefined,
): { value: string } | { problem: "EMPTY" | "CONTENT_TYPE" } {
  if (body.length === 0) return { problem: "EMPTY" };
  if (contentType !== undefined && !/^\s*(?:text\/|application\/xhtml)/i.test(contentType))
    return { problem: "CONTENT_TYPE" };
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    return { value: new TextDecoder(charset).decode(body) };
  } catch {
    return { value: new TextDecoder().decode(body) };
  }
}
