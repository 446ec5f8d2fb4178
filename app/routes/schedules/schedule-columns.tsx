import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { flagOf } from "#app/queue/job-flags.ts";
import type { Schedule } from "#app/queue/schedules.server.ts";
import { RunNow } from "#app/routes/schedules/run-now.tsx";
import classes from "#app/routes/schedules/schedules.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { Countdown } from "#app/ui/countdown.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { LocalTime } from "#app/ui/local-time.tsx";
import { Moment } from "#app/ui/moment.tsx";
import { RunStrip } from "#app/ui/run-strip.tsx";
import { Status, type StatusName } from "#app/ui/status.tsx";

const STATE_STATUS: Readonly<Record<Schedule["state"], StatusName>> = {
  running: "running",
  retrying: "review",
  paused: "paused",
  overdue: "failed",
  waiting: "queued",
  failed: "failed",
  scheduled: "queued",
};

export const scheduleColumns: readonly Column<Schedule>[] = [
  { id: "schedule", header: "Schedule", cell: (schedule) => <Name {...schedule} />, phone: "title" },
  { id: "when", header: "When (UTC)", cell: (schedule) => <When {...schedule} />, width: 180 },
  { id: "runs", header: "Last 60 runs", cell: (schedule) => <Runs {...schedule} />, width: 255 },
  { id: "next", header: "Next", cell: ({ next }) => <Next next={next} />, width: 174 },
  { id: "state", header: "State", cell: (schedule) => <State {...schedule} />, width: 116, phone: "aside" },
  {
    id: "actions",
    header: "Actions",
    cell: (schedule) => <Actions {...schedule} />,
    width: 84,
    align: "right",
  },
];

function Name({ label, purpose }: Schedule) {
  return (
    <div className={classes.lines}>
      <span className={classes.label}>{label}</span>
      <span className={classes.dimmed}>{purpose}</span>
    </div>
  );
}

function When({ words, expression, next }: Schedule) {
  const [minute = "", hour = "", ...days] = expression.split(" ");
  const hasTime = /^\d+$/.test(minute) && /^\d+$/.test(hour);
  return (
    <div className={classes.lines}>
      <span>{words}</span>
      <span className={classes.dimmed}>
        <code>{expression}</code>
        {hasTime && next ? <LocalTime at={next} weekday={days.some((day) => day !== "*")} /> : null}
      </span>
    </div>
  );
}

function Runs({ label, runs }: Schedule) {
  const [last] = runs;
  return (
    <div className={classes.lines}>
      <RunStrip
        label={label}
        runs={runs.map(({ id, jobId, outcome, durationMs, startedAt }) => ({
          id,
          outcome,
          durationMs,
          at: startedAt,
          href: `/queue/jobs/${jobId}`,
        }))}
      />
      <span className={classes.dimmed}>
        {last ? (
          <>
            <Anchor component={Link} to={`/queue/jobs/${last.jobId}`}>
              {last.outcome}
            </Anchor>
            <span>
              <Ago at={last.startedAt} /> in <Duration ms={last.durationMs} />
            </span>
          </>
        ) : (
          "Has not run yet"
        )}
      </span>
    </div>
  );
}

function Next({ next }: Pick<Schedule, "next">) {
  if (next === null) return "never";
  return (
    <div className={classes.lines}>
      <Countdown at={next} />
      <span className={classes.dimmed}>
        <Moment at={next} />
      </span>
    </div>
  );
}

/** A schedule is paused with its task: whatever asks for it then waits. */
function Actions(schedule: Schedule) {
  return (
    <div className={classes.actions}>
      <RunNow schedule={schedule} />
      {schedule.state === "paused" ? null : (
        <Anchor
          component={Link}
          to={`/queue/pauses?pause=${flagOf({ kind: "task", task: schedule.task })}`}
          aria-label={`Pause ${schedule.label.toLowerCase()}`}
        >
          Pause
        </Anchor>
      )}
    </div>
  );
}

function State({ state, since, jobId }: Schedule) {
  return (
    <div className={classes.lines}>
      <Status status={STATE_STATUS[state]} label={state} />
      <span className={classes.dimmed}>
        {state === "paused" ? (
          <Anchor component={Link} to="/queue/pauses">
            Show pauses
          </Anchor>
        ) : null}
        {state === "overdue" ? (
          <span className={classes.late}>
            due <Ago at={since} />
          </span>
        ) : null}
        {jobId && state !== "paused" && state !== "overdue" ? (
          <Anchor component={Link} to={`/queue/jobs/${jobId}`}>
            Show job
          </Anchor>
        ) : null}
      </span>
    </div>
  );
}
