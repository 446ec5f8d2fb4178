import type { JobCall } from "#app/queue/console/job-surroundings.server.ts";
import classes from "#app/routes/queue/job/job.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { Section } from "#app/ui/page.tsx";

const columns: Column<JobCall>[] = [
  {
    id: "call",
    header: "Call",
    cell: ({ method, endpoint }) => `${method} ${endpoint}`,
    mono: true,
    phone: "title",
  },
  { id: "service", header: "Upstream", cell: ({ service }) => service, width: 104 },
  {
    id: "status",
    header: "Answer",
    cell: ({ status, errorCode, cached }) =>
      cached ? "cached" : (errorCode ?? (status === null ? "none" : String(status))),
    width: 144,
    phone: "aside",
  },
  {
    id: "took",
    header: "Took",
    cell: ({ durationMs }) => <Duration ms={durationMs} />,
    width: 88,
    align: "right",
  },
  { id: "at", header: "When", cell: ({ at }) => <Ago at={at} />, width: 104 },
];

/** The upstream calls that a job made, newest first. */
export function Calls({ calls, hasMore }: { calls: readonly JobCall[]; hasMore: boolean }) {
  return (
    <Section title="Upstream calls">
      <DataTable
        label="Upstream calls of this job"
        columns={columns}
        rows={calls}
        rowId={({ id }) => id}
        keyboard={false}
        empty={<p className={classes.nothing}>It has made no upstream call.</p>}
      />
      {hasMore ? <p className={classes.nothing}>Only the last {calls.length} are shown.</p> : null}
    </Section>
  );
}
