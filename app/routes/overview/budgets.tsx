import type { OverviewData } from "#app/routes/overview/load-overview.server.ts";
import classes from "#app/routes/overview/overview.module.css";
import { formatCount } from "#app/ui/format.ts";
import { ProgressBar } from "#app/ui/progress-bar.tsx";
import { Status } from "#app/ui/status.tsx";

type Budget = OverviewData["budgets"][number];

/** How much of each upstream's allowance is used. */
export function Budgets({ budgets }: { budgets: readonly Budget[] }) {
  return (
    <dl className={classes.budgets}>
      {budgets.map((budget) => (
        <div key={budget.service}>
          <dt>{budget.label}</dt>
          <dd>
            <BudgetState budget={budget} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function BudgetState({ budget }: { budget: Budget }) {
  const { label, off, pausedReason, rate, daily, usedInWindow } = budget;
  if (off !== null) return <span className={classes.dimmed}>{off}</span>;
  if (pausedReason !== null) return <Status status="paused" />;
  if (rate !== null)
    return (
      <ProgressBar label={`${label} requests`} value={usedInWindow ?? 0} total={rate.requests}>
        {formatCount(usedInWindow ?? 0)} of {formatCount(rate.requests)} in {rate.perMs / 1000}&nbsp;s
      </ProgressBar>
    );
  if (daily === null) return null;
  const used = daily.limit > 0 ? daily.used / daily.limit : 1;
  return (
    <ProgressBar
      label={`${label} requests`}
      value={daily.used}
      total={daily.limit}
      tone={used >= 1 ? "failed" : used >= 0.9 ? "review" : "running"}
    >
      {formatCount(daily.used)} of {formatCount(daily.limit)} today
    </ProgressBar>
  );
}
