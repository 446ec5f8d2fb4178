import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { GoneWorker, WorkersData, WorkerView } from "#app/routes/queue/workers/load-workers.server.ts";
import classes from "#app/routes/queue/workers/workers.module.css";
import { Ago } from "#app/ui/ago.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { formatBytes, formatCount, formatQuantity } from "#app/ui/format.ts";
import { Status, type StatusName } from "#app/ui/status.tsx";

const statuses: Record<WorkerView["state"], StatusName> = {
  running: "success",
  silent: "failed",
  dead: "failed",
  stopped: "skipped",
};

/** What a worker has in hand, each with its job's page. */
export function JobsInHand({ jobs }: { jobs: WorkersData["stray"] }) {
  if (jobs.length === 0) return "nothing";
  return (
    <ul className={classes.jobs}>
      {jobs.map(({ id, task, argument, startedAt }) => (
        <li key={id}>
          <Anchor component={Link} to={`/queue/jobs/${id}`}>
            <code>{task}</code>
          </Anchor>{" "}
          {argument} · <Ago at={startedAt} />
        </li>
      ))}
    </ul>
  );
}

/** Leads to what the worker has done: its id is what jobs and runs know it by. */
const jobsHref = (id: string) => `/queue?${new URLSearchParams({ state: "completed", q: `worker:${id}` })}`;

const who: Column<WorkerView> & Column<GoneWorker> = {
  id: "worker",
  header: "Worker",
  cell: ({ id, host, pid }) => (
    <Anchor component={Link} to={jobsHref(id)} title={id}>
      {host} · {pid}
    </Anchor>
  ),
  phone: "title",
};

/** What a worker is, whether it is there or gone. */
const origin: (Column<WorkerView> & Column<GoneWorker>)[] = [
  {
    id: "version",
    header: "Version",
    cell: ({ version }) => version,
    width: 80,
    wideOnly: true,
    phone: "hidden",
  },
  {
    id: "started",
    header: "Started",
    cell: ({ startedAt }) => <Ago at={startedAt} />,
    width: 110,
    wideOnly: true,
    phone: "hidden",
  },
];

export const presentColumns: Column<WorkerView>[] = [
  { ...who, width: 220 },
  {
    id: "state",
    header: "State",
    cell: ({ state }) => <Status status={statuses[state]} label={state} />,
    width: 96,
    phone: "aside",
  },
  {
    id: "busy",
    header: "Busy",
    cell: ({ jobs, concurrency }) => `${formatCount(jobs.length)} of ${formatCount(concurrency)}`,
    width: 80,
    align: "right",
    phoneUnit: "busy",
  },
  { id: "runs", header: "Runs now", cell: ({ jobs }) => <JobsInHand jobs={jobs} /> },
  {
    id: "memory",
    header: "Memory",
    cell: ({ memoryBytes }) => formatBytes(memoryBytes),
    width: 90,
    align: "right",
    wideOnly: true,
  },
  ...origin,
  { id: "heard", header: "Last heard", cell: ({ heartbeatAt }) => <Ago at={heartbeatAt} />, width: 100 },
];

export const goneColumns: Column<GoneWorker>[] = [
  who,
  {
    id: "state",
    header: "How",
    cell: ({ state }) => (
      <Status status={statuses[state]} label={state === "dead" ? "declared dead" : "stopped"} />
    ),
    width: 130,
    phone: "aside",
  },
  {
    id: "released",
    header: "Released",
    cell: ({ releasedJobs }) => formatQuantity(releasedJobs ?? 0, "job"),
    width: 110,
    align: "right",
    phoneUnit: "released",
  },
  ...origin,
  { id: "ended", header: "Ended", cell: ({ endedAt }) => <Ago at={endedAt} />, width: 110 },
];
