import type { ReactNode } from "react";
import type { UpstreamView } from "#app/routes/upstreams/load-upstreams.server.ts";
import classes from "#app/routes/upstreams/upstreams.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { formatCount, formatDuration } from "#app/ui/format.ts";
import { ProgressBar, type ProgressBarProps } from "#app/ui/progress-bar.tsx";

type Budget = NonNullable<UpstreamView["budget"]>;

/** What may be asked of a service: used, reserved by callers who wait for their slot, left, and when there is more. */
export function UpstreamBudget({ label, budget }: { label: string; budget: Budget | null }): ReactNode {
  if (!budget) return "no limit is known";
  const { rate, daily, usedInWindow, left } = budget;
  if (rate)
    return (
      <Bar
        label={label}
        value={usedInWindow ?? 0}
        total={rate.requests}
        tone={budget.blockedUntil ? "failed" : "running"}
      >
        {formatCount(usedInWindow)} of {formatCount(rate.requests)} used in {rate.perMs / 1000}&nbsp;s ·{" "}
        {formatCount(budget.reserved)} reserved · {formatCount(left)} left
        <NextSlot label={label} budget={budget} />
      </Bar>
    );
  if (!daily) return null;
  const share = daily.limit > 0 ? daily.used / daily.limit : 1;
  return (
    <Bar
      label={label}
      value={daily.used}
      total={daily.limit}
      tone={share >= 1 ? "failed" : share >= 0.9 ? "review" : "running"}
    >
      {formatCount(daily.used)} of {formatCount(daily.limit)} used today · {formatCount(left)} left · all back{" "}
      <Ago at={daily.resetsAt} />, at 00:00 UTC
    </Bar>
  );
}

function Bar({ label, children, ...bar }: ProgressBarProps) {
  return (
    <div className={classes.budget}>
      <ProgressBar label={`${label} requests`} {...bar}>
        {null}
      </ProgressBar>
      <div className="numbers">{children}</div>
    </div>
  );
}

function NextSlot({ label, budget: { blockedUntil, waitMs } }: { label: string; budget: Budget }): ReactNode {
  if (blockedUntil)
    return (
      <>
        {" · "}
        {label} asked for a break, the next call goes <Ago at={blockedUntil} />
      </>
    );
  return waitMs > 0 ? ` · next slot in ${formatDuration(waitMs)}` : null;
}
