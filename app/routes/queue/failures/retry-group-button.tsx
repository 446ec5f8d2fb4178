import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import type { ButtonTone } from "#app/ui/post-button.tsx";

interface RetryGroupButtonProps {
  group: { fingerprint: string; failedJobs: number };
  tone?: ButtonTone;
}

/** Retries the failed jobs of a group, with their number on the button. */
export function RetryGroupButton({ group, tone = "default" }: RetryGroupButtonProps) {
  const jobs = formatQuantity(group.failedJobs, "job");
  return (
    <ConfirmButton
      fields={{ intent: "retry-group", fingerprint: group.fingerprint }}
      title={`Retry ${jobs}?`}
      text="Each gets all its attempts again and runs as soon as a slot is free."
      confirmLabel={`Retry ${jobs}`}
      tone={tone}
      disabledReason={group.failedJobs === 0 ? "No failed job of this group waits" : null}
    >
      {group.failedJobs > 0 ? `Retry ${formatCount(group.failedJobs)}` : "Retry"}
    </ConfirmButton>
  );
}
