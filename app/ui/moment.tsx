import { formatDay, formatMoment, type Instant, NOTHING, toDate } from "#app/ui/format.ts";

export interface MomentProps {
  at: Instant | null | undefined;
  /** The day alone. */
  day?: boolean;
}

/** A time in full, `12 Nov 2026, 03:00 UTC`. */
export function Moment({ at, day = false }: MomentProps) {
  const date = toDate(at);
  if (date === null) return NOTHING;
  return (
    <time dateTime={day ? date.toISOString().slice(0, 10) : date.toISOString()}>
      {day ? formatDay(date) : formatMoment(date)}
    </time>
  );
}
