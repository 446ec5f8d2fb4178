import { Anchor } from "@mantine/core";
import { useState } from "react";
import type { JobActionName } from "#app/queue/job-action.ts";
import type { WaitingState } from "#app/queue/job-state.ts";
import { ActionButtons } from "#app/routes/queue/action-buttons.tsx";
import classes from "#app/routes/queue/jobs/jobs.module.css";
import { formatCount } from "#app/ui/format.ts";

/** States in which something can be done. */
export type ActionableState = Exclude<WaitingState, "running">;

/** Which actions make sense in a state, the likeliest first. */
const fitting: Record<ActionableState, readonly JobActionName[]> = {
  failed: ["retry", "discard", "reschedule", "set_priority"],
  retrying: ["run_now", "discard", "reschedule", "set_priority"],
  scheduled: ["run_now", "discard", "reschedule", "set_priority"],
  queued: ["discard", "reschedule", "set_priority"],
  paused: ["discard", "reschedule", "set_priority"],
};

export interface ActionBarProps {
  state: ActionableState;
  /** The filter's words. */
  words: string;
  selected: readonly string[];
  /** How many jobs match, on all pages. */
  matching: number | null;
  /** More may match than were counted: all of them are meant all the same. */
  isAtLeast: boolean;
  onDone: () => void;
}

/** What can be done with the selected jobs or, once that is chosen, with all that match. */
export function ActionBar({ state, words, selected, matching, isAtLeast, onDone }: ActionBarProps) {
  const [isAll, setAll] = useState(false);
  const all = matching ?? 0;
  const count = isAll ? all : selected.length;
  const allText = `all ${formatCount(all)}${isAtLeast ? " or more" : ""} that match`;
  return (
    <div className={classes.bar} data-idle={count === 0 || undefined}>
      <span className={classes.scope} aria-live="polite">
        {isAll ? `A${allText.slice(1)}` : `${formatCount(selected.length)} selected`}
      </span>
      <div className={classes.buttons}>
        <ActionButtons
          actions={fitting[state]}
          count={count}
          isAtLeast={isAll && isAtLeast}
          fields={isAll ? { state, q: words } : { state, ids: selected.join(",") }}
          disabledReason={() => (count === 0 ? "Select jobs first, or choose all that match" : null)}
          onDone={onDone}
        />
      </div>
      {all > 0 ? (
        <Anchor component="button" type="button" underline="always" onClick={() => setAll(!isAll)}>
          {isAll ? "Only the selected ones" : `Apply to ${allText}`}
        </Anchor>
      ) : null}
    </div>
  );
}
