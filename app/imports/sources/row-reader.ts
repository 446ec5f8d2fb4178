import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { Cells, RowContext, RowError, RowResult } from "./adapter.ts";
import { firstFilmYear, isRealDay, readDay } from "./day.ts";

/** Announced films are dated years ahead. */
const yearsAhead = 8;
export const longestTitle = 500;
const longestUri = 2000;

/**
 * Reads the cells of one row into normalised values and keeps the first problem it meets.
 *
 * Verdicts on dates: `YYYY-MM-DD` of a day that exists, from 1874 on, or empty. Everything else is refused rather than
 * guessed: `20/11/2012` and `11/20/2012` cannot be told apart from 1/2/2012, a serial (`43831`) depends on the
 * spreadsheet, and a timestamp (`…T00:00:00Z`) names different days in different time zones.
 *
 * Verdicts on years: empty, or four ASCII digits from 1874 to eight years ahead. `1999.0`, `1e3`, full-width digits and
 * an apostrophe in front are refused.
 */
export class RowReader {
  readonly #cells: Cells;
  readonly #context: RowContext;
  #problem: RowError | null = null;

  constructor(cells: Cells, context: RowContext) {
    this.#cells = cells;
    this.#context = context;
  }

  /** Title as in the file, trimmed and NFC-normalised; 1 to 500 characters. */
  title(column: string): string {
    const title = this.#cells(column).normalize("NFC");
    if (title === "")
      this.#refuse("TITLE_MISSING", column, "The row has no title. Fill it in and retry the row.");
    // Characters are counted only when even the UTF-16 units are too many.
    if (title.length > longestTitle && [...title].length > longestTitle) {
      this.#refuse(
        "TITLE_TOO_LONG",
        column,
        `The title is longer than ${longestTitle} characters. Shorten it and retry the row.`,
      );
    }
    return title;
  }

  /** `YYYY-MM-DD`, or null for an empty cell. */
  date(column: string): string | null {
    const text = this.#cells(column);
    if (text === "") return null;
    if (isRealDay(text)) return text;
    const advice = /^\d{4}-\d\d-\d\dT/.test(text)
      ? `Leave out the time (${text.slice(0, 10)})`
      : "Write it as year-month-day, such as 2012-11-20,";
    this.#refuse(
      "INVALID_DATE",
      column,
      `Date ${quoted(text)} is not a date that can be read. ${advice} and retry the row.`,
    );
    return null;
  }

  /** Day of a moment such as `2023-11-04 15:30:38`, in the service's time zone, or null for an empty cell. */
  day(column: string): string | null {
    const text = this.#cells(column);
    const day = text === "" ? null : readDay(text, "ymd");
    if (text !== "" && day === null) {
      this.#refuse(
        "INVALID_DATE",
        column,
        `Date ${quoted(text)} is not a date that can be read. Write it as year-month-day, such as 2012-11-20, and retry the row.`,
      );
    }
    return day;
  }

  /** Day of a moment in seconds since 1970, UTC; null for anything else, since few rows have one. */
  epochDay(column: string): string | null {
    const seconds = /^[0-9]{9,10}(?:\.[0-9]+)?$/.test(this.#cells(column)) ? Number(this.#cells(column)) : 0;
    return seconds > 0 ? new Date(seconds * 1000).toISOString().slice(0, 10) : null;
  }

  /**
   * Day of something that has happened, in the order in which the whole file writes its dates, or null for an empty cell. A
   * time behind it is left out: its zone is that of the service, and the day is taken as it stands.
   */
  pastDay(column: string): string | null {
    const text = this.#cells(column);
    if (text === "") return null;
    const day = readDay(text, this.#context.dayOrder);
    // Next year is allowed for clocks ahead of ours; Buddhist years and slips of the century are not.
    if (day !== null && Number(day.slice(0, 4)) <= this.#context.currentYear + 1) return day;
    this.#refuse(
      "INVALID_DATE",
      column,
      `Date ${quoted(text)} is not a date that can be read as ${orderInWords[this.#context.dayOrder]}, as the file writes them. Correct it and retry the row.`,
    );
    return null;
  }

  /** Year of release, or null for an empty cell. */
  year(column: string): number | null {
    const text = this.#cells(column);
    if (text === "") return null;
    const year = /^[0-9]{4}$/.test(text) ? Number(text) : 0;
    if (year >= firstFilmYear && year <= this.#context.currentYear + yearsAhead) return year;
    this.#refuse("INVALID_YEAR", column, `Year ${quoted(text)} is not a year. Correct it and retry the row.`);
    return null;
  }

  /** Half stars from 0.5 to 5 (a decimal comma is accepted) doubled to 1–10, or null for an empty cell. */
  stars(column: string): number | null {
    const text = this.#cells(column);
    if (text === "") return null;
    if (/^(?:0[.,]5|[1-4](?:[.,][05])?|5(?:[.,]0)?)$/.test(text)) return Number(text.replace(",", ".")) * 2;
    this.#refuse(
      "INVALID_RATING",
      column,
      `Rating ${quoted(text)} is not 0.5 to 5 in half steps. Correct it and retry the row.`,
    );
    return null;
  }

  /** A rating of 1 to 10 in half steps, or null for an empty cell. */
  outOfTen(column: string): number | null {
    const text = this.#cells(column);
    if (text === "") return null;
    if (/^(?:0[.,]5|[1-9](?:[.,][05])?|10(?:[.,]0)?)$/.test(text)) return Number(text.replace(",", "."));
    this.#refuse(
      "INVALID_RATING",
      column,
      `Rating ${quoted(text)} is not 0.5 to 10 in half steps. Correct it and retry the row.`,
    );
    return null;
  }

  /** `Yes` or empty. */
  yes(column: string): boolean {
    return this.#cells(column).toLowerCase() === "yes";
  }

  /** `true`, `1` or `yes`, as programs write it; anything else is no. */
  flag(column: string): boolean {
    return /^(?:true|1|yes)$/i.test(this.#cells(column));
  }

  /** A whole number from 0, such as a season or an episode, or null for an empty cell. */
  count(column: string, what: string): number | null {
    const text = this.#cells(column);
    if (text === "") return null;
    if (/^[0-9]{1,5}$/.test(text)) return Number(text);
    this.#refuse(
      "INVALID_NUMBER",
      column,
      `${what} ${quoted(text)} is not a whole number. Correct it and retry the row.`,
    );
    return null;
  }

  /** A name beside the title, cut to the length of a title; null when empty. */
  name(column: string): string | null {
    const text = this.#cells(column).normalize("NFC");
    return text === "" ? null : [...text.slice(0, 2 * longestTitle)].slice(0, longestTitle).join("");
  }

  /** An address as text, never fetched; null when empty or absurdly long. */
  uri(column: string): string | null {
    const text = this.#cells(column);
    return text === "" || text.length > longestUri ? null : text;
  }

  /** A TMDB id: a positive whole number that fits 31 bits. */
  tmdbId(column: string): { tmdb?: number } {
    const text = this.#cells(column);
    if (text === "") return {};
    const id = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
    if (id > 0 && id <= 0x7fffffff) return { tmdb: id };
    this.#refuse(
      "INVALID_ID",
      column,
      `TMDB id ${quoted(text)} is not a number. Correct or empty it and retry the row.`,
    );
    return {};
  }

  /** An IMDb title id: `tt` and at least seven digits. */
  imdbId(column: string): { imdb?: string } {
    const text = this.#cells(column);
    if (text === "") return {};
    if (/^tt[0-9]{7,10}$/.test(text)) return { imdb: text };
    this.#refuse(
      "INVALID_ID",
      column,
      `IMDb id ${quoted(text)} is not like tt0133093. Correct or empty it and retry the row.`,
    );
    return {};
  }

  /** TheTVDB's id of a series; services write 0 where they have none. Ids of films and episodes are other numbers there. */
  tvdbSeriesId(column: string): { tvdb?: number } {
    const text = this.#cells(column);
    if (text === "" || text === "0") return {};
    const id = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
    if (id > 0 && id <= 0x7fffffff) return { tvdb: id };
    this.#refuse(
      "INVALID_ID",
      column,
      `TheTVDB id ${quoted(text)} is not a number. Correct or empty it and retry the row.`,
    );
    return {};
  }

  /** Keeps a problem that an adapter has found; the first one counts. */
  refuse(problem: RowError): void {
    this.#problem ??= problem;
  }

  /** The row, or the first problem met while its cells were read. */
  row(known: Pick<NormalizedRow, "title" | "intent"> & Partial<NormalizedRow>): RowResult {
    // Such a row asks for nothing but the rating that it lacks.
    if (known.intent === "rating" && (known.rating ?? null) === null)
      this.#refuse("RATING_MISSING", null, "The row has no rating. Fill it in and retry the row.");
    if (this.#problem !== null) return { error: this.#problem };
    return {
      ok: {
        title: known.title,
        date: known.date ?? null,
        yearHint: known.yearHint ?? null,
        kind: known.kind ?? null,
        intent: known.intent,
        season: known.season ?? null,
        episode: known.episode ?? null,
        episodeTitle: known.episodeTitle ?? null,
        rating: known.rating ?? null,
        rewatch: known.rewatch ?? false,
        occurrence: known.occurrence ?? 1,
        sourceUri: known.sourceUri ?? null,
        ids: known.ids ?? {},
        ...(known.seriesReading && { seriesReading: known.seriesReading }),
      },
    };
  }

  #refuse(code: string, column: string | null, message: string): void {
    this.refuse({ code, column, message });
  }
}

const orderInWords = { mdy: "month, day, year", dmy: "day, month, year", ymd: "year, month, day" } as const;

/** A cell in a sentence: in quotation marks, cut to what fits. */
export function quoted(text: string): string {
  return `"${text.length > 40 ? `${[...text.slice(0, 80)].slice(0, 40).join("")}…` : text}"`;
}
