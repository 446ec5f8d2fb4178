import classes from "#app/routes/queue/job/job.module.css";
import { type LifeStep, lifeLine } from "#app/routes/queue/job/life-line.ts";
import type { JobPageData } from "#app/routes/queue/job/load-job.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { Section } from "#app/ui/page.tsx";

/** The steps in the life of a job, oldest first. */
export function LifeLine({ job }: Pick<JobPageData, "job">) {
  return (
    <Section title="Life">
      <ol className={classes.life}>
        {lifeLine(job).map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
          <Step key={index} step={step} />
        ))}
      </ol>
      {job.hasMoreAttempts ? (
        <p className={classes.nothing}>Only the last {job.attemptsMade.length} attempts are shown.</p>
      ) : null}
    </Section>
  );
}

function Step({ step }: { step: LifeStep }) {
  const tone = step.outcome ?? (step.kind === "now" ? "now" : undefined);
  return (
    <li className={classes.step} data-kind={step.kind} data-tone={tone}>
      <span>
        {step.words}
        {step.kind === "ran" && step.outcome && step.outcome !== "discarded" ? `, ${step.outcome}` : null}
      </span>
      <span className={classes.stepAt}>
        {step.kind === "held" || step.kind === "waited" ? null : <Ago at={step.at} />}
      </span>
      <span className={classes.stepTook}>
        {step.lasts ? <Duration from={step.at} to={null} /> : null}
        {step.durationMs === null ? null : <Duration ms={step.durationMs} />}
      </span>
    </li>
  );
}
