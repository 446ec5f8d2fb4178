import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import type { ButtonTone } from "#app/ui/post-button.tsx";

interface RetryGroupButtonProps {
  group: { fingerprint: string; failedJobs: number; hasMoreFailedJobs: boolean };
  tone?: ButtonTone;
}

/** Retries the failed jobs of a group, with their number on the button; all of them where they were not counted to the end. */
export function RetryGroupButton({ group, tone = "default" }: RetryGroupButtonProps) {
  const { fingerprint, failedJobs, hasMoreFailedJobs } = group;
  const jobs = hasMoreFailedJobs ? "all jobs of this group" : formatQuantity(failedJobs, "job");
  return (
    <ConfirmButton
      fields={{ intent: "retry-group", fingerprint }}
      title={`Retry ${jobs}?`}
      text={`${hasMoreFailedJobs ? "Its failed jobs are counted first. " : ""}Each gets all its attempts again and runs as soon as a slot is free.`}
      confirmLabel={`Retry ${jobs}`}
      tone={tone}
      disabledReason={failedJobs === 0 && !hasMoreFailedJobs ? "No failed job of this group waits" : null}
    >
      {hasMoreFailedJobs ? "Retry all" : failedJobs > 0 ? `Retry ${formatCount(failedJobs)}` : "Retry"}
    </ConfirmButton>
  );
}
