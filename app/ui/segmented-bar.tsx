import { formatCount } from "#app/ui/format.ts";
import classes from "#app/ui/segmented-bar.module.css";
import { Status, type StatusName, statusTone } from "#app/ui/status.tsx";

export interface Segment {
  status: StatusName;
  count: number;
  label?: string;
}

export interface SegmentedBarProps {
  /** What the bar is about, for those who cannot see it: `Rows of letterboxd-watched.csv`. */
  label: string;
  /** In the order they are drawn. What is missing to `total` is drawn as the empty track. */
  segments: readonly Segment[];
  /** The whole; the sum of the segments when absent. */
  total?: number;
  /** `numbers`: a legend with counts under the bar. `bar` (in tables): the bar alone, its numbers in the name. */
  variant?: "numbers" | "bar";
}

/** How a whole divides into statuses. */
export function SegmentedBar({ label, segments, total, variant = "bar" }: SegmentedBarProps) {
  const whole = total ?? segments.reduce((sum, segment) => sum + segment.count, 0);
  const present = segments.filter((segment) => segment.count > 0);
  const words = present.map((segment) => `${formatCount(segment.count)} ${segment.label ?? segment.status}`);
  const name = words.length === 0 ? `${label}: none yet` : `${label}: ${words.join(", ")}`;
  return (
    <div className={classes.root}>
      <div className={classes.track} role="img" aria-label={name} title={words.join(" · ")}>
        {present.map((segment) => (
          <span
            key={segment.status}
            className={classes.segment}
            data-tone={statusTone(segment.status)}
            style={{ width: `${whole > 0 ? (segment.count / whole) * 100 : 0}%` }}
          />
        ))}
      </div>
      {variant === "numbers" ? (
        <ul className={classes.legend} aria-hidden>
          {present.map((segment) => (
            <li key={segment.status}>
              <Status status={segment.status} label={segment.label} count={segment.count} />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
