/** Roundhay Garden Scene is of 1888, Passage de Vénus of 1874: nothing in a catalogue is older. */
export const firstFilmYear = 1874;

/** In which order a file writes day, month and year. A date that begins with four figures is year first in any file. */
export const dayOrders = ["mdy", "dmy", "ymd"] as const;
export type DayOrder = (typeof dayOrders)[number];

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is `YYYY-MM-DD` of a day that exists, from 1874 on. */
export function isRealDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  // The lower bound also keeps out the year 0000, which PostgreSQL's date type has not.
  return year >= firstFilmYear && day >= 1 && day <= (daysOfMonth[month - 1] ?? 0) + leap;
}

/** Three numbers between slashes, dots or hyphens ("5. 6. 2020" and "2020. 6. 5." too), and a time that is left out. */
const numbers =
  /^([0-9]{1,4}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,4})\.?(?:[T ,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?: ?[AaPp][Mm]|Z| ?UTC)?)?$/;

export interface DayNumbers {
  first: string;
  separator: string;
  second: string;
  third: string;
}

/** The three numbers of a date as they stand there; null for anything else. */
export function dayNumbers(text: string): DayNumbers | null {
  // Longer than any date with its time; white space first, as some locales put non-breaking spaces in.
  if (text.length > 40) return null;
  const [, first, separator, second, third] =
    numbers.exec(text.replace(/[\s\u200e\u200f]+/g, " ").trim()) ?? [];
  if (first === undefined || separator === undefined || second === undefined || third === undefined)
    return null;
  return { first, separator, second, third };
}

/**
 * The day that a date names when it is read in this order, as `YYYY-MM-DD`. Years of two figures are of this century.
 *
 * @returns null when there is no such day
 */
export function readDay(text: string, order: DayOrder): string | null {
  const read = dayNumbers(text);
  return read === null ? null : dayOf(read, order);
}

/** As `readDay`, of numbers that were taken apart already. */
export function dayOf({ first, second, third }: DayNumbers, order: DayOrder): string | null {
  const isYearFirst = first.length === 4;
  if (isYearFirst ? third.length > 2 : order === "ymd") return null;
  const [year, month, day] = isYearFirst
    ? [first, second, third]
    : order === "mdy"
      ? [third, first, second]
      : [third, second, first];
  if ((year.length !== 2 && year.length !== 4) || month.length > 2 || day.length > 2) return null;
  const text = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isRealDay(text) ? text : null;
}
