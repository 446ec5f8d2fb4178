import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { outcomeWords } from "#app/routes/upstreams/outcome-words.ts";
import classes from "#app/routes/upstreams/upstreams.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";
import type { LoggedCall } from "#app/upstreams/call-log-queries.server.ts";
import { fateOf } from "#app/upstreams/call-sums.ts";

/** A call with what its service is called. */
export type ShownCall = LoggedCall & { label: string };

const columns: Column<ShownCall>[] = [
  { id: "at", header: "Time", cell: ({ at }) => <Ago at={at} />, width: 96 },
  { id: "service", header: "Service", cell: ({ label }) => label, width: 128 },
  {
    id: "endpoint",
    header: "Endpoint",
    cell: ({ method, endpoint }) => `${method === "GET" ? "" : `${method} `}${endpoint}`,
    mono: true,
    phone: "title",
  },
  { id: "status", header: "Status", cell: (call) => <Outcome call={call} />, width: 168, phone: "aside" },
  {
    id: "ms",
    header: "Took",
    cell: ({ cached, durationMs }) => (cached ? NOTHING : <Duration ms={durationMs} />),
    width: 80,
    align: "right",
  },
  {
    id: "attempt",
    header: "Try",
    cell: ({ attempt }) => attempt,
    width: 44,
    align: "right",
    wideOnly: true,
    phone: "hidden",
  },
  {
    id: "task",
    header: "Task",
    cell: ({ task }) => task ?? NOTHING,
    width: 172,
    mono: true,
    dimmed: true,
    wideOnly: true,
    phone: "hidden",
  },
  { id: "for", header: "For", cell: (call) => <Served call={call} />, width: 184 },
];

function Outcome({ call }: { call: LoggedCall }) {
  const { status, errorCode, cached } = call;
  if (errorCode === "STALE") return <Status status="review" label="old answer" />;
  const code = status === null ? "" : `${status} `;
  if (errorCode !== null)
    return (
      <span title={outcomeWords(errorCode)}>
        <Status status="failed" label={`${code}${errorCode}`} />
      </span>
    );
  const kind = status === 404 ? "not found" : "";
  if (cached) return <Status status="skipped" label={["cached", kind].filter(Boolean).join(", ")} />;
  const words = `${code}${kind}`.trim();
  return fateOf({ outcome: "OK", cached }) === "ok" && status === 404 ? (
    <Status status="pending" label={words} />
  ) : (
    <Status status="success" label={words} />
  );
}

/** The job, import row and work that a call was made for, each with its link. */
function Served({ call: { jobId, importJobId, rowNumber, workId } }: { call: LoggedCall }) {
  const links: ReactNode[] = [];
  if (jobId)
    links.push(
      <Anchor key="job" component={Link} to={`/queue/jobs/${jobId}`}>
        job {jobId}
      </Anchor>,
    );
  if (importJobId)
    links.push(
      <Anchor
        key="import"
        component={Link}
        to={`/imports/${importJobId}${rowNumber ? `?row=${rowNumber}` : ""}`}
      >
        {rowNumber ? `import, row ${rowNumber}` : "import"}
      </Anchor>,
    );
  if (workId)
    links.push(
      <Anchor key="work" component={Link} to={`/library/${workId}`}>
        work {workId}
      </Anchor>,
    );
  return links.length > 0 ? <span className={classes.served}>{links}</span> : NOTHING;
}

/** Calls, newest first. */
export function CallsTable({ calls, empty }: { calls: readonly ShownCall[]; empty: ReactNode }) {
  return (
    <DataTable label="Upstream calls" columns={columns} rows={calls} rowId={({ id }) => id} empty={empty} />
  );
}
