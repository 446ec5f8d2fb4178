import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { useFetcher } from "react-router";
import type { RulesInForce } from "#app/discovery/refresh/rules.server.ts";
import classes from "#app/routes/discovery/refresh/refresh.module.css";
import type { Simulation } from "#app/routes/discovery/refresh/refresh-actions.server.ts";
import { readAnswer } from "#app/ui/action-answer.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { HiddenFields, ReasonedButton } from "#app/ui/post-button.tsx";
import { type RefreshRules, SEED_RULES } from "#app/works/refresh-rules.ts";

const FIELDS: readonly { field: keyof RefreshRules; label: string; max: number }[] = [
  { field: "newDays", label: "New up to (days)", max: 3_650 },
  { field: "newEvery", label: "New ones every (days)", max: 365 },
  { field: "recentDays", label: "Recent up to (days)", max: 3_650 },
  { field: "recentEvery", label: "Recent ones every (days)", max: 365 },
  { field: "settledDays", label: "Settled up to (days)", max: 3_650 },
  { field: "settledEvery", label: "Settled ones every (days)", max: 365 },
  { field: "olderEvery", label: "Older ones every (days)", max: 365 },
  { field: "upcomingEvery", label: "Far from release every (days)", max: 365 },
  { field: "dailyShare", label: "Share of TMDB's limit (%)", max: 100 },
];

/** The rules in force, others to try, and what they would need. */
export function RulesForm({ rules, budget }: { rules: RulesInForce; budget: number }) {
  const [values, setValues] = useState<Record<string, number | string>>({ ...rules.rules });
  const fetcher = useFetcher<{ simulation?: Simulation }>();
  const fields = Object.fromEntries(Object.entries(values).map(([field, value]) => [field, String(value)]));
  const answer = fetcher.state === "idle" ? readAnswer(fetcher.data) : {};
  const isChanged = FIELDS.some(({ field }) => Number(values[field]) !== rules.rules[field]);
  return (
    <Section title="Rules">
      <p>
        {rules.changedAt ? (
          <>
            Changed by {rules.changedBy} <Ago at={rules.changedAt} />.
          </>
        ) : (
          "As they came with Reeldesk; nobody has changed them."
        )}{" "}
        Today they allow {formatCount(budget)} calls a day.
      </p>
      <div className={classes.rules}>
        {FIELDS.map(({ field, label, max }) => (
          <NumberInput
            key={field}
            label={label}
            value={values[field] ?? ""}
            onChange={(value) => setValues((before) => ({ ...before, [field]: value }))}
            min={field === "dailyShare" ? 0 : 1}
            max={max}
            allowDecimal={field === "dailyShare"}
          />
        ))}
      </div>
      <div className={classes.actions}>
        <fetcher.Form method="post">
          <HiddenFields fields={{ ...fields, intent: "simulate" }} />
          <ReasonedButton loading={fetcher.state !== "idle"}>Try these rules</ReasonedButton>
        </fetcher.Form>
        <ConfirmButton
          fields={{ ...fields, intent: "save-rules" }}
          title="Put these rules in force?"
          text="The due dates of all works follow within a minute. Nothing that is queued already is taken back."
          confirmLabel="Use these rules"
          disabledReason={isChanged ? null : "These are the rules in force"}
        >
          Use these rules
        </ConfirmButton>
        <ReasonedButton
          tone="quiet"
          onClick={(event) => {
            event.preventDefault();
            setValues({ ...SEED_RULES });
          }}
        >
          Back to the first ones
        </ReasonedButton>
      </div>
      {answer.error ? <ErrorText announce code={answer.error.code} message={answer.error.message} /> : null}
      {fetcher.data?.simulation ? <Needs simulation={fetcher.data.simulation} /> : null}
    </Section>
  );
}

function Needs({ simulation }: { simulation: Simulation }) {
  const { tomorrow, inAWeek, today, budget } = simulation;
  const enough = tomorrow.calls <= budget;
  return (
    <p role="status">
      With these rules tomorrow needs {formatQuantity(tomorrow.calls, "call")} of {formatCount(budget)} that
      it may make
      {enough
        ? "."
        : `: too few. ${formatQuantity(tomorrow.calls - budget, "work")} would wait for another day.`}{" "}
      {formatQuantity(today.calls, "work")} {today.calls === 1 ? "is" : "are"} due by age today; without any
      refresh {formatCount(inAWeek.calls)} would be in a week.
    </p>
  );
}
