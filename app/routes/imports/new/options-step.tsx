import { Anchor, Checkbox } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import type { ParseReport } from "#app/imports/csv/parse-report.ts";
import classes from "#app/routes/imports/new/new.module.css";
import type { Check } from "#app/routes/imports/new/use-file-check.ts";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatCount, formatEstimate, formatQuantity } from "#app/ui/format.ts";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Section } from "#app/ui/page.tsx";
import { ReasonedButton } from "#app/ui/post-button.tsx";

/** What a look-up costs: null when nothing can be looked up. */
export interface LookUps {
  /** Why titles cannot be looked up, with the way to mend it. */
  off: string | null;
  requests: number;
  perMs: number;
  /** `40 per 10 s` */
  rate: string;
}

export interface OptionsStepProps {
  check: Check;
  target: string;
  lookUps: LookUps;
  isWorkerAlive: boolean;
  starting: boolean;
  error: { code: string; message: string } | undefined;
}

/** The third step: what to do with the file, what it will cost, and the button that starts it. */
export function OptionsStep({ check, target, lookUps, isWorkerAlive, starting, error }: OptionsStepProps) {
  const mounted = useMounted();
  const plan = check.state === "checked" ? (check.repair?.plan ?? null) : null;
  return (
    <Section title="3. Options">
      <div className={classes.options} hidden={plan !== null}>
        <Checkbox name="skipDuplicates" label="Skip duplicates" defaultChecked />
        <Checkbox name="dryRun" label="Dry run: write nothing, say what would be written" />
        <span className={classes.dimmed}>Into: {target}</span>
      </div>
      {plan ? <p className={classes.cost}>As the import was started: nothing is to be chosen here.</p> : null}
      {check.state === "checked" && !plan ? (
        <p className={classes.cost}>{costText(check.report, lookUps)}</p>
      ) : null}
      {isWorkerAlive ? null : <NoWorker consequence="the import will wait" />}
      {error ? (
        <ErrorText announce code={error.code} message={error.message}>
          {error.code === "NOT_SIGNED_IN" ? (
            <Anchor href="/sign-in" target="_blank">
              Sign in in another tab
            </Anchor>
          ) : null}
        </ErrorText>
      ) : null}
      <div>
        {/* Before the script runs, and without it, the form can be sent as it is. */}
        <ReasonedButton tone="primary" loading={starting} disabledReason={mounted ? whyNotYet(check) : null}>
          {plan && plan.replaces > 0 ? `Repair ${formatQuantity(plan.replaces, "row")}` : "Start import"}
        </ReasonedButton>
      </div>
    </Section>
  );
}

function whyNotYet(check: Check): string | null {
  if (check.state === "none") return "Choose a file first";
  if (check.state === "checking") return "The file is being checked";
  if (check.state === "refused") return "The file cannot be imported as it is";
  const plan = check.repair?.plan;
  if (plan) return plan.replaces > 0 ? null : "No line of this file replaces a failed row";
  if (check.report.validRows === 0) return "No row of this file can be used as it is";
  return null;
}

/** Upstream calls that a title costs at most: a search and its details. */
const CALLS_PER_TITLE = 2;

function costText({ distinctTitles }: ParseReport, { off, requests, perMs, rate }: LookUps): string {
  if (off !== null) return off;
  const calls = distinctTitles * CALLS_PER_TITLE;
  const seconds = (calls * perMs) / requests / 1000;
  const time = formatEstimate(seconds);
  return `${formatQuantity(distinctTitles, "distinct title")}, at most ${formatCount(calls)} TMDB calls, ${time} at ${rate}. Titles that were looked up lately cost nothing.`;
}
