import { useNow } from "#app/ui/clock.ts";
import { formatAgo, formatMoment, type Instant, NOTHING, toDate } from "#app/ui/format.ts";

export interface AgoProps {
  at: Instant | null | undefined;
}

/** `4 min ago`, ticking; the full UTC time in its tooltip and for machines. Also ahead of now: `in 3 h`. */
export function Ago({ at }: AgoProps) {
  const now = useNow();
  const date = toDate(at);
  if (date === null) return NOTHING;
  return (
    <time
      dateTime={date.toISOString()}
      title={formatMoment(date, { seconds: true })}
      suppressHydrationWarning
    >
      {formatAgo(date, now)}
    </time>
  );
}
