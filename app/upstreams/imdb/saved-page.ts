import { AppError } from "#app/errors.ts";
import type { PageReading } from "./page-reading.ts";
import { type EventAddress, parseEventPage } from "./parse-event-page.ts";
import { parseListPage } from "./parse-list-page.ts";
import type { ScrapedEventEdition, ScrapedListPage } from "./scraped.ts";

/** Bytes of an upload: a page of 250 titles is 2–4 MB. */
export const MAX_SAVED_BYTES = 10 * 1024 * 1024;

/**
 * Reads a page of a list that somebody has saved in a browser. It must say itself which list it is; which page of it shows by its
 * positions, unless it is stated.
 *
 * @throws AppError SAVED_PAGE_TOO_LARGE (413) · SAVED_PAGE_EMPTY, SAVED_PAGE_IS_CHALLENGE, SAVED_PAGE_IS_ANOTHER,
 *   SAVED_PAGE_NOT_UNDERSTOOD (422) · SAVED_PAGE_NOT_HTML (415)
 */
export function readSavedList(
  bytes: Uint8Array,
  { listId, page }: { listId: string; page?: number },
): ScrapedListPage {
  const html = decodePage(bytes);
  const reading = parseListPage(html, { listId, page: page ?? 1 }, { mustSayWhich: true });
  const read = take(reading, `list ${listId}`, "list");
  return page === undefined ? { ...read, page: pageByPositions(read) } : read;
}

/** Pages have 250 positions each, whatever is missing of them. */
function pageByPositions({ entries }: ScrapedListPage): number {
  const first = Math.min(...entries.map((entry) => entry.position));
  return Number.isFinite(first) ? Math.floor((first - 1) / 250) + 1 : 1;
}

/**
 * Reads the page of an edition of an event that somebody has saved in a browser. It must say itself which event and year it is.
 *
 * @throws as `readSavedList`
 */
export function readSavedEvent(
  bytes: Uint8Array,
  asked: Pick<EventAddress, "eventId"> & Partial<EventAddress>,
): ScrapedEventEdition {
  const edition = asked.year === undefined ? "" : ` of ${asked.year}`;
  const html = decodePage(bytes);
  return take(
    parseEventPage(html, asked, { mustSayWhich: true }),
    `event ${asked.eventId}${edition}`,
    "event",
  );
}

function take<T>(reading: PageReading<T>, what: string, kind: "list" | "event"): T {
  switch (reading.kind) {
    case "page":
      return reading.page;
    case "challenge":
      throw new AppError(
        "SAVED_PAGE_IS_CHALLENGE",
        422,
        `This file is IMDb's check for robots, not the page of ${what}. Open the page in your browser, wait until its titles are there, and save it again.`,
      );
    case "other":
      throw new AppError(
        "SAVED_PAGE_IS_ANOTHER",
        422,
        `This file is another page: ${reading.found}, not ${what}. Save the page of ${what} and upload that.`,
        { found: reading.found },
      );
    case "not_understood":
      throw new AppError("SAVED_PAGE_NOT_UNDERSTOOD", 422, sentence(reading.why, what, kind), {
        why: reading.why,
      });
  }
}

function sentence(why: string, what: string, kind: "list" | "event"): string {
  const csv = kind === "list" ? " Or upload the CSV file that IMDb exports of the list." : "";
  if (why === "JSON_CUT_OFF")
    return `The page of ${what} was saved incompletely: its data is cut off. Save it again as an HTML file.${csv}`;
  if (why === "NO_ID")
    return `This page does not say which ${kind} it is, so it cannot be told whether it is ${what}. Save the whole page as an HTML file, not a part of it.${csv}`;
  return `Nothing of ${what} could be found in this file. Check that it is that page, saved as an HTML file.${csv}`;
}

const starts = {
  zip: [0x50, 0x4b, 0x03, 0x04],
  gzip: [0x1f, 0x8b],
  pdf: [0x25, 0x50, 0x44, 0x46],
  webArchive: [0x62, 0x70, 0x6c, 0x69, 0x73, 0x74],
} as const;

/**
 * The text of a saved page: UTF-8 or UTF-16 by its mark, UTF-8 when it is valid (or nearly), else what the
 * page declares, else Windows-1252.
 *
 * @throws AppError for what is empty, too large or no HTML
 */
function decodePage(bytes: Uint8Array): string {
  if (bytes.length > MAX_SAVED_BYTES) throw tooLarge(bytes.length);
  if (Object.values(starts).some((start) => start.every((byte, at) => bytes[at] === byte))) throw notHtml();
  const text = decode(bytes);
  if (text.trim() === "")
    throw new AppError("SAVED_PAGE_EMPTY", 422, "The file is empty. Save the page again and upload it.");
  // An archive of one file holds the page in pieces, encoded for e-mail.
  if (/^\s*(?:From: <Saved by|MIME-Version:|Content-Type: multipart)/i.test(text)) throw notHtml();
  if (text.includes("\0") || !/<[a-z!/]/i.test(text.slice(0, 100_000))) throw notHtml();
  return text;
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const mended = new TextDecoder().decode(bytes);
    // A character that was cut in two does not make the rest of the page another encoding.
    if (count(mended, /[\u0080-\ufffc]/g) > count(mended, /\ufffd/g)) return mended;
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
    const declared = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ?? "";
    return decodeDeclared(bytes, /^(?:utf-?8)?$/i.test(declared) ? "windows-1252" : declared);
  }
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

function decodeDeclared(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function tooLarge(bytes: number): AppError {
  const size = (bytes / 1024 / 1024).toFixed(1);
  return new AppError(
    "SAVED_PAGE_TOO_LARGE",
    413,
    `The file has ${size} MiB; a saved page may have 10 MiB. Save the page as HTML only, without its pictures.`,
  );
}

function notHtml(): AppError {
  return new AppError(
    "SAVED_PAGE_NOT_HTML",
    415,
    "This file is not an HTML page. Save the page in your browser as “Webpage, HTML only” and upload that file.",
  );
}
