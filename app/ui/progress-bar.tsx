import type { ReactNode } from "react";
import { formatCount, formatPercent } from "#app/ui/format.ts";
import classes from "#app/ui/segmented-bar.module.css";

export interface ProgressBarProps {
  label: string;
  /** What is done, 0 or more. */
  value: number;
  /** The whole. */
  total: number;
  /** `failed` for a budget that is used up, `review` for one that is nearly so, `neutral` for what is nobody's task. */
  tone?: "neutral" | "running" | "success" | "review" | "failed" | "paused";
  /** What stands behind the bar; `812 of 1,302 (62 %)` when absent, nothing when null. */
  children?: ReactNode;
}

/** One quantity on its way to a whole. */
export function ProgressBar({ label, value, total, tone = "running", children }: ProgressBarProps) {
  const share = total > 0 ? Math.min(1, Math.max(0, value / total)) : 0;
  const text = `${formatCount(value)} of ${formatCount(total)} (${formatPercent(value, total)})`;
  return (
    <div className={classes.progress}>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={Math.min(value, total)}
        aria-valuetext={text}
      >
        <span className={classes.segment} data-tone={tone} style={{ width: `${share * 100}%` }} />
      </div>
      {children === null ? null : <div className={classes.text}>{children ?? text}</div>}
    </div>
  );
}
