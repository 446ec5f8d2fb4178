import type { Delimiter } from "./delimiter.ts";

/** A record longer than this is no record of an export: one line of 8 MB, a quote that is never closed. In UTF-16 units. */
export const maxRecordLength = 128 * 1024;
/** Cells of one record before it is given up. csv-parse applies its size limit to filled cells only: a million commas pass it. */
export const maxRecordCells = 256;
/** What is kept of a record that is too long or too wide. */
const keptLength = 2000;

export type Fault = "BAD_QUOTE" | "UNCLOSED_QUOTE" | "RECORD_TOO_LONG" | "RECORD_TOO_WIDE";

/** One record as text, without its line end; `fault` says why it cannot be taken apart into cells. */
export interface Cut {
  text: string;
  /** Physical line, from 1, on which the record starts. */
  line: number;
  fault: Fault | null;
  /** Physical line of the quotation mark or cell that is at fault. */
  faultLine: number;
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts the text of a CSV file into records, chunk by chunk: where each begins and ends, and which are malformed.
 *
 * It stands in front of csv-parse because of what that one cannot do: go on with the next line after a bad quote (it keeps
 * looking for a closing one and swallows rows), count physical lines over mixed line ends, refuse a record of a million
 * empty cells. After a fault reading resumes on the line after the one on which the faulty cell began, so that one
 * unclosed quote costs one record.
 *
 * Linear on any input: a line that starts a quote which fails has an odd number of quotes, and the scan that fails over it
 * ends at the next such line at the latest; no line is scanned more than three times.
 */
export class RecordCutter {
  readonly #delimiter: number;
  #text = "";
  #at = 0;
  #line = 1;
  /** Inside a line that was given up: everything up to its end is dropped. */
  #skipping = false;

  constructor(delimiter: Delimiter) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** The records that the chunk completes. */
  *push(chunk: string): Generator<Cut, void, undefined> {
    this.#text = this.#at === 0 ? this.#text + chunk : this.#text.slice(this.#at) + chunk;
    this.#at = 0;
    yield* this.#cut(false);
  }

  /** The last record, when the file does not end with a line end. */
  *end(): Generator<Cut, void, undefined> {
    yield* this.#cut(true);
  }

  *#cut(final: boolean): Generator<Cut, void, undefined> {
    while (this.#at < this.#text.length) {
      if (this.#skipping) {
        const end = this.#lineEnd(this.#at, final);
        if (end === null) {
          this.#at = this.#text.length;
          return;
        }
        this.#skipping = false;
        this.#moveTo(end.next, 1);
        continue;
      }
      const cut = this.#next(final);
      if (cut === null) return;
      if (cut.text !== "") yield cut;
    }
  }

  /** Scans one record from the current place. Null: the chunk ends before the record does. */
  #next(final: boolean): Cut | null {
    const text = this.#text;
    const start = this.#at;
    const startLine = this.#line;
    const limit = Math.min(text.length, start + maxRecordLength + 1);
    let line = startLine;
    let cells = 1;
    let quoted = false;
    let cellStart = start;
    let quoteLine = startLine;
    /** Where the line ends on which the present quoted cell was opened; null while still on it. */
    let openedLineEnd: { end: number; next: number } | null = null;
    let at = start;
    for (; at < limit; at += 1) {
      const code = text.charCodeAt(at);
      if (quoted) {
        if (code === quote) {
          const after = at + 1 < text.length ? text.charCodeAt(at + 1) : -1;
          if (after === -1 && !final) return null;
          if (after === quote) {
            at += 1;
          } else if (
            after === -1 ||
            after === this.#delimiter ||
            after === lineFeed ||
            after === carriageReturn
          ) {
            quoted = false;
          } else {
            const fault = openedLineEnd === null ? "BAD_QUOTE" : "UNCLOSED_QUOTE";
            return this.#giveUpLine(fault, quoteLine, openedLineEnd ?? this.#lineEnd(at, final), at);
          }
        } else if (code === lineFeed || code === carriageReturn) {
          const next = this.#afterLineEnd(at, final);
          if (next === null) return null;
          openedLineEnd ??= { end: at, next };
          line += 1;
          at = next - 1;
        }
      } else if (code === this.#delimiter) {
        cells += 1;
        cellStart = at + 1;
        if (cells > maxRecordCells) return this.#abandon("RECORD_TOO_WIDE", line, at);
      } else if (code === lineFeed || code === carriageReturn) {
        const next = this.#afterLineEnd(at, final);
        if (next === null) return null;
        this.#moveTo(next, line - startLine + 1);
        return { text: text.slice(start, at), line: startLine, fault: null, faultLine: startLine };
      } else if (code === quote) {
        if (at !== cellStart) return this.#giveUpLine("BAD_QUOTE", line, this.#lineEnd(at, final), at);
        quoted = true;
        quoteLine = line;
        openedLineEnd = null;
      }
    }
    if (at - start > maxRecordLength) {
      if (quoted && openedLineEnd !== null)
        return this.#giveUpLine("UNCLOSED_QUOTE", quoteLine, openedLineEnd, at);
      return this.#abandon("RECORD_TOO_LONG", line, at);
    }
    if (!final) return null;
    if (quoted)
      return this.#giveUpLine("UNCLOSED_QUOTE", quoteLine, openedLineEnd ?? this.#lineEnd(at, final), at);
    this.#moveTo(text.length, line - startLine);
    return { text: text.slice(start), line: startLine, fault: null, faultLine: startLine };
  }

  /** The record is what stands up to the end of the line at fault; reading goes on with the line after it. */
  #giveUpLine(
    fault: Fault,
    faultLine: number,
    lineEnd: { end: number; next: number } | null,
    at: number,
  ): Cut | null {
    if (lineEnd === null || lineEnd.end - this.#at > maxRecordLength) {
      // The line's end is not here yet: wait for it, unless the line is too long to be kept anyway.
      if (this.#text.length - this.#at <= maxRecordLength) return null;
      return this.#abandon(fault, faultLine, lineEnd?.end ?? at);
    }
    const text = this.#text.slice(this.#at, lineEnd.end);
    const line = this.#line;
    this.#moveTo(lineEnd.next, faultLine - line + 1);
    return { text, line, fault, faultLine };
  }

  /** Too much to keep: a piece of the record stands for it, the rest of the physical line (from `at`) is dropped. */
  #abandon(fault: Fault, faultLine: number, at: number): Cut {
    const line = this.#line;
    const text = this.#text.slice(this.#at, Math.min(at, this.#at + keptLength));
    this.#moveTo(Math.min(at, this.#text.length), faultLine - line);
    this.#skipping = true;
    return { text, line, fault, faultLine };
  }

  #moveTo(at: number, lines: number): void {
    this.#at = at;
    this.#line += lines;
  }

  #lineEnd(from: number, final: boolean): { end: number; next: number } | null {
    for (let at = from; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code !== lineFeed && code !== carriageReturn) continue;
      const next = this.#afterLineEnd(at, final);
      return next === null ? null : { end: at, next };
    }
    return final ? { end: this.#text.length, next: this.#text.length } : null;
  }

  /** Behind the line end at an offset: LF, CR or CRLF. Null when a chunk ends with CR, which may be half of CRLF. */
  #afterLineEnd(at: number, final: boolean): number | null {
    if (this.#text.charCodeAt(at) === lineFeed) return at + 1;
    if (at + 1 >= this.#text.length) return final ? at + 1 : null;
    return this.#text.charCodeAt(at + 1) === lineFeed ? at + 2 : at + 1;
  }
}
