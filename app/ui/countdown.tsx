import { useNow } from "#app/ui/clock.ts";
import { formatDuration, formatMoment, type Instant, NOTHING, toDate } from "#app/ui/format.ts";

export interface CountdownProps {
  at: Instant | null | undefined;
}

/** `in 2 h 05 min`, ticking down; `due now` once it has come, never a negative time. */
export function Countdown({ at }: CountdownProps) {
  const now = useNow();
  const date = toDate(at);
  if (date === null) return NOTHING;
  return (
    <time dateTime={date.toISOString()} title={formatMoment(date)} suppressHydrationWarning>
      {countdownText(date.getTime() - now)}
    </time>
  );
}

/**
 * What a countdown says.
 *
 * @param ms what is left; 0 or less: it has come
 */
function countdownText(ms: number): string {
  // Whole seconds: tenths that stand still look like a clock that does.
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 0) return "due now";
  return seconds < 10 ? `in ${seconds}\u00a0s` : `in ${formatDuration(seconds * 1_000)}`;
}
