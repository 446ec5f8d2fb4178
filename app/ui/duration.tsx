import { useNow } from "#app/ui/clock.ts";
import { formatDuration, type Instant, NOTHING, toDate } from "#app/ui/format.ts";

export type DurationProps =
  | { ms: number | null | undefined }
  | {
      from: Instant | null | undefined;
      /** Null while it lasts: the duration then ticks. */
      to: Instant | null | undefined;
    };

/** How long something took, or has taken so far. Never negative. */
export function Duration(props: DurationProps) {
  if ("ms" in props) return <span className="numbers">{formatDuration(props.ms)}</span>;
  const from = toDate(props.from);
  const to = toDate(props.to);
  if (from === null) return NOTHING;
  if (to === null) return <RunningDuration from={from} />;
  return <span className="numbers">{formatDuration(to.getTime() - from.getTime())}</span>;
}

function RunningDuration({ from }: { from: Date }) {
  const now = useNow();
  // Whole seconds: tenths that never change look like a clock that stands.
  const seconds = Math.max(0, Math.floor((now - from.getTime()) / 1000));
  return (
    <span className="numbers" suppressHydrationWarning>
      {seconds < 10 ? `${seconds}\u00a0s` : formatDuration(seconds * 1000)}
    </span>
  );
}
