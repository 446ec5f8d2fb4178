import { formatCount } from "#app/ui/format.ts";
import classes from "#app/ui/trend-strip.module.css";

export interface TrendStripProps {
  /** What is counted: `Failures, last 24 hours`. */
  label: string;
  /** One per bar, the oldest first. */
  values: readonly number[];
}

/** Numbers over time as bars the height of a line of text; their sum and peak for those who cannot see them. */
export function TrendStrip({ label, values }: TrendStripProps) {
  const most = Math.max(...values, 0);
  const sum = values.reduce((total, value) => total + value, 0);
  const words = `${label}: ${formatCount(sum)}${most > 0 ? `, ${formatCount(most)} at most in one` : ""}`;
  return (
    <span className={classes.strip} role="img" aria-label={words} title={words}>
      {values.map((value, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
          key={index}
          className={classes.bar}
          data-empty={value === 0 || undefined}
          style={{ height: `${value === 0 ? 1 : Math.max(3, Math.round((value / most) * 18))}px` }}
        />
      ))}
    </span>
  );
}
