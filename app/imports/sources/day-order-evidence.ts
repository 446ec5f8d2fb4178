import { type DayNumbers, type DayOrder, dayNumbers, dayOf } from "./day.ts";

export interface DayOrderFinding {
  order: DayOrder;
  /** Orders that the file could have as well as `order`; only `order` when there is no doubt. */
  possible: DayOrder[];
}

/** Dates against the order that the rest of a file has are slips of single rows, up to this share. */
const slips = 0.02;
/** A file that jumps about at least so often in one order, and ten times less in the other, is in the other. */
const jumpsThatTell = 3;

/**
 * Finds out in which order a file writes its dates, from all of them: 10/6/20 alone is June in one country and October in
 * another. What tells, strongest first: numbers above 12, and dots and hyphens (which stand between day-first dates
 * only); then the file's own order, since histories are sorted by day; then years of two figures, which day-first countries
 * mostly write in full. The last alone is no proof, so that both orders then stay possible.
 */
export class DayOrderEvidence {
  #yearFirst = 0;
  #monthFirstOnly = 0;
  #dayFirstOnly = 0;
  #both = 0;
  #shortYears = 0;
  readonly #monthFirst = new Sortedness();
  readonly #dayFirst = new Sortedness();

  add(text: string): void {
    const read = dayNumbers(text);
    if (read === null) return;
    if (read.first.length === 4) {
      if (dayOf(read, "ymd") !== null) this.#yearFirst += 1;
      return;
    }
    const monthFirst = mayBeMonthFirst(read) ? dayOf(read, "mdy") : null;
    const dayFirst = dayOf(read, "dmy");
    if (monthFirst === null && dayFirst === null) return;
    if (dayFirst === null) this.#monthFirstOnly += 1;
    else if (monthFirst === null) this.#dayFirstOnly += 1;
    else this.#both += 1;
    if (read.third.length === 2) this.#shortYears += 1;
    if (monthFirst !== null) this.#monthFirst.add(monthFirst);
    if (dayFirst !== null) this.#dayFirst.add(dayFirst);
  }

  /** @returns null when the file holds no date that can be read in any order */
  finding(): DayOrderFinding | null {
    const monthFirst = this.#monthFirstOnly;
    const dayFirst = this.#dayFirstOnly;
    if (monthFirst + dayFirst + this.#both === 0) {
      return this.#yearFirst === 0 ? null : { order: "ymd", possible: ["ymd"] };
    }
    if (monthFirst + dayFirst === 0) return this.#byOrderOfRows();
    const order = monthFirst > dayFirst ? "mdy" : "dmy";
    const most = Math.max(monthFirst, dayFirst);
    const isClear = Math.min(monthFirst, dayFirst) <= most * slips;
    return { order, possible: isClear ? [order] : ["mdy", "dmy"] };
  }

  #byOrderOfRows(): DayOrderFinding {
    const monthFirst = this.#monthFirst.jumps;
    const dayFirst = this.#dayFirst.jumps;
    const guess = this.#shortYears > 0 ? "mdy" : "dmy";
    const order = monthFirst === dayFirst ? guess : monthFirst < dayFirst ? "mdy" : "dmy";
    const least = Math.min(monthFirst, dayFirst);
    const most = Math.max(monthFirst, dayFirst);
    const isClear = most >= jumpsThatTell && least * 10 <= most;
    return { order, possible: isClear ? [order] : ["mdy", "dmy"] };
  }
}

const mayBeMonthFirst = ({ separator }: DayNumbers): boolean => separator === "/";

/** How often days that should run one way turn back; which way does not matter, since people sort their files. */
class Sortedness {
  #last = "";
  #up = 0;
  #down = 0;

  add(day: string): void {
    if (this.#last !== "" && day > this.#last) this.#up += 1;
    if (this.#last !== "" && day < this.#last) this.#down += 1;
    this.#last = day;
  }

  get jumps(): number {
    return Math.min(this.#up, this.#down);
  }
}
