import type { ReactNode } from "react";
import type { UpstreamView } from "#app/routes/upstreams/load-upstreams.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { formatCount, formatDuration } from "#app/ui/format.ts";
import { ProgressBar } from "#app/ui/progress-bar.tsx";

/** What may be asked of a service: used, reserved by callers who wait for their slot, left, and when there is more. */
export function UpstreamBudget({
  label,
  budget,
}: {
  label: string;
  budget: UpstreamView["budget"];
}): ReactNode {
  if (!budget) return "no limit is known";
  const { rate, daily, usedInWindow, reserved, left, waitMs, blockedUntil } = budget;
  if (rate) {
    const used = usedInWindow ?? 0;
    return (
      <ProgressBar
        label={`${label} requests`}
        value={used}
        total={rate.requests}
        tone={blockedUntil ? "failed" : "running"}
      >
        {formatCount(used)} of {formatCount(rate.requests)} used in {formatDuration(rate.perMs)} ·{" "}
        {formatCount(reserved)} reserved · {formatCount(left)} left
        {blockedUntil ? (
          <>
            {" "}
            · {label} asked for a break: next call <Ago at={blockedUntil} />
          </>
        ) : waitMs > 0 ? (
          ` · next slot in ${formatDuration(waitMs)}`
        ) : null}
      </ProgressBar>
    );
  }
  if (!daily) return null;
  const share = daily.limit > 0 ? daily.used / daily.limit : 1;
  return (
    <ProgressBar
      label={`${label} requests`}
      value={daily.used}
      total={daily.limit}
      tone={share >= 1 ? "failed" : share >= 0.9 ? "review" : "running"}
    >
      {formatCount(daily.used)} of {formatCount(daily.limit)} used today · {formatCount(daily.left)} left ·
      new ones <Ago at={daily.resetsAt} />, at 00:00 UTC
    </ProgressBar>
  );
}
