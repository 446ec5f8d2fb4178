import { type Instant, toDate } from "#app/ui/format.ts";
import { useIsInBrowser } from "#app/ui/in-browser.ts";

export interface LocalTimeProps {
  at: Instant;
  /** The day of the week as well. */
  weekday?: boolean;
}

/** The time of day where the reader is: `03:30 your time`. Nothing where that is UTC, as all other times are. */
export function LocalTime({ at, weekday = false }: LocalTimeProps) {
  const isInBrowser = useIsInBrowser();
  const date = toDate(at);
  if (!isInBrowser || date === null || date.getTimezoneOffset() === 0) return null;
  const format = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(weekday ? { weekday: "short" } : {}),
  });
  return <span className="numbers">{format.format(date)} your time</span>;
}
