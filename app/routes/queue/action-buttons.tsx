import { Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { JobActionName } from "#app/queue/job-action.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import type { ButtonTone } from "#app/ui/post-button.tsx";

export interface ActionButtonsProps {
  actions: readonly JobActionName[];
  /** How many jobs it would be done to; null on the page of a single one. */
  count: number | null;
  /** They were not counted to the end: there may be more. */
  isAtLeast?: boolean;
  /** Which jobs: `ids`, or `state` and `q`. */
  fields: Readonly<Record<string, string>>;
  /** Why an action cannot be done now. */
  disabledReason: (name: JobActionName) => string | null;
  onDone?: () => void;
}

interface ActionWords {
  button: string;
  title: (jobs: string) => string;
  confirm: (jobs: string) => string;
  text: ReactNode;
  confirmTone?: ButtonTone;
}

const words: Record<JobActionName, ActionWords> = {
  retry: {
    button: "Retry",
    title: (jobs) => `Retry ${jobs}?`,
    confirm: (jobs) => `Retry ${jobs}`,
    text: "Each gets all its attempts again and runs as soon as a slot is free.",
  },
  run_now: {
    button: "Run now",
    title: (jobs) => `Run ${jobs} now?`,
    confirm: (jobs) => `Run ${jobs} now`,
    text: "They do not wait for their time any longer. Attempts made so far still count.",
  },
  reschedule: {
    button: "Reschedule…",
    title: (jobs) => `Reschedule ${jobs}`,
    confirm: (jobs) => `Reschedule ${jobs}`,
    text: (
      <TextInput
        name="when"
        label="When"
        description="30m, 2h or 1d from now, or a moment in UTC: 2026-11-21T03:00"
        defaultValue="1h"
        required
        data-autofocus
      />
    ),
  },
  set_priority: {
    button: "Priority…",
    title: (jobs) => `Change the priority of ${jobs}`,
    confirm: (jobs) => `Change ${jobs}`,
    text: (
      <TextInput
        name="priority"
        label="Priority"
        description="A whole number; lower runs first, 0 is usual"
        inputMode="numeric"
        defaultValue="0"
        required
        data-autofocus
      />
    ),
  },
  discard: {
    button: "Discard",
    title: (jobs) => `Discard ${jobs}?`,
    confirm: (jobs) => `Discard ${jobs}`,
    text: (
      <Stack gap="sm">
        <span>
          What is discarded leaves the queue and never runs. Its history stays, with who did it and why.
        </span>
        <TextInput name="reason" label="Why (optional)" maxLength={500} data-autofocus />
      </Stack>
    ),
    confirmTone: "danger",
  },
};

/** A button per action; each asks first and says to how many jobs. */
export function ActionButtons(props: ActionButtonsProps) {
  const { actions, count, isAtLeast = false, fields, disabledReason, onDone } = props;
  const jobs = count === null ? "this job" : `${formatQuantity(count, "job")}${isAtLeast ? " or more" : ""}`;
  return actions.map((name) => {
    const { button, title, confirm, text, confirmTone = "primary" } = words[name];
    const isCounted = count !== null && count > 0 && !button.endsWith("…");
    return (
      <ConfirmButton
        key={name}
        fields={{ ...fields, intent: name }}
        title={title(jobs)}
        text={text}
        confirmLabel={confirm(jobs)}
        confirmTone={confirmTone}
        disabledReason={disabledReason(name)}
        {...(onDone !== undefined && { onDone })}
      >
        {isCounted ? `${button} ${formatCount(count)}${isAtLeast ? "+" : ""}` : button}
      </ConfirmButton>
    );
  });
}
