import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { OverviewData } from "#app/routes/overview/load-overview.server.ts";
import classes from "#app/routes/overview/overview.module.css";
import { Countdown } from "#app/ui/countdown.tsx";
import { Status } from "#app/ui/status.tsx";

/** What runs by itself next, soonest first. */
export function NextSchedules({ next }: Pick<OverviewData, "next">) {
  if (next.length === 0) return <p className={classes.dimmed}>Nothing runs by itself.</p>;
  return (
    <ul className={classes.next}>
      {next.map((schedule) => (
        <li key={schedule.id}>
          <Anchor component={Link} to="/schedules">
            {schedule.label}
          </Anchor>
          {schedule.state === "overdue" ? <Status status="failed" label="overdue" /> : null}
          {schedule.state === "running" ? <Status status="running" /> : null}
          {schedule.state === "paused" ? <Status status="paused" /> : null}
          <span className={classes.dimmed}>
            <Countdown at={schedule.next} />
          </span>
        </li>
      ))}
    </ul>
  );
}
