import { Cron } from "croner";

/** What graphile-worker's matcher is asked: a minute in UTC, taken apart. */
export interface CronMinute {
  min: number;
  hour: number;
  date: number;
  month: number;
  dow: number;
}

/** The times at which a crontab line is due. */
export interface CronTicks {
  /** The first tick after the moment, or null when there is none (30 February). */
  next(after: Date): Date | null;
  /** The last tick at the moment or before it. */
  previous(atOrBefore: Date): Date | null;
}

const DAY = 86_400_000;
/** Days on which croner sees a tick and the queue none. After as many in a row there is none. */
const MOST_DAYS = 1_000;

/**
 * The ticks of an expression. Croner finds candidates, but the queue decides by its own matcher, which takes `1-31` and
 * `*` for the same where croner does not: a candidate counts only if `matches` says so too.
 *
 * @param expression five fields, UTC
 */
export function cronTicks(expression: string, matches: (minute: CronMinute) => boolean): CronTicks {
  const cron = new Cron(expression, { timezone: "UTC", mode: "5-part", paused: true });
  return {
    next(after) {
      let candidate = cron.nextRun(after);
      for (let days = 0; candidate && days < MOST_DAYS; days++) {
        if (matches(minuteOf(candidate))) return candidate;
        // The two only ever disagree about days.
        candidate = cron.nextRun(new Date(dayOf(candidate) + DAY - 1));
      }
      return null;
    },
    previous(atOrBefore) {
      let [candidate] = cron.previousRuns(1, new Date(atOrBefore.getTime() + 1));
      for (let days = 0; candidate && days < MOST_DAYS; days++) {
        if (matches(minuteOf(candidate))) return candidate;
        [candidate] = cron.previousRuns(1, new Date(dayOf(candidate)));
      }
      return null;
    },
  };
}

const dayOf = (instant: Date) => Math.floor(instant.getTime() / DAY) * DAY;

/** The minute that an instant stands in, in UTC. */
export function minuteOf(instant: Date): CronMinute {
  return {
    min: instant.getUTCMinutes(),
    hour: instant.getUTCHours(),
    date: instant.getUTCDate(),
    month: instant.getUTCMonth() + 1,
    dow: instant.getUTCDay(),
  };
}
