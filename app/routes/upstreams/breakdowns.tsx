import { callsHref } from "#app/routes/upstreams/calls-filter.ts";
import { figureColumns } from "#app/routes/upstreams/figure-columns.tsx";
import type { UpstreamsData } from "#app/routes/upstreams/load-upstreams.server.ts";
import { outcomeWords } from "#app/routes/upstreams/outcome-words.ts";
import { RANGE_WORDS } from "#app/routes/upstreams/range-words.ts";
import classes from "#app/routes/upstreams/upstreams.module.css";
import { Count } from "#app/ui/count.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatPercent } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

type Endpoint = UpstreamsData["endpoints"][number];
type Task = UpstreamsData["tasks"][number];
type Failure = UpstreamsData["errors"][number] & { asked: number };

const endpointColumns: Column<Endpoint>[] = [
  { id: "endpoint", header: "Endpoint", cell: ({ endpoint }) => endpoint, mono: true, phone: "title" },
  { id: "service", header: "Service", cell: ({ label }) => label, width: 136, dimmed: true },
  ...figureColumns<Endpoint>(),
];

const taskColumns: Column<Task>[] = [
  {
    id: "task",
    header: "Task",
    cell: ({ task }) => (task === null ? "none: asked from a page or by API" : <code>{task}</code>),
    phone: "title",
  },
  ...figureColumns<Task>(),
];

const failureColumns: Column<Failure>[] = [
  {
    id: "error",
    header: "Error",
    cell: ({ outcome }) => (
      <>
        <code>{outcome}</code> <span className={classes.dimmed}>{outcomeWords(outcome)}</span>
      </>
    ),
    phone: "title",
  },
  { id: "service", header: "Service", cell: ({ label }) => label, width: 136, dimmed: true },
  {
    id: "endpoints",
    header: "Endpoints",
    cell: ({ endpoints }) => endpoints.join(", "),
    width: 320,
    mono: true,
    dimmed: true,
    wideOnly: true,
    phone: "hidden",
  },
  {
    id: "calls",
    header: "Calls",
    cell: ({ calls }) => <Count value={calls} />,
    width: 84,
    align: "right",
    phone: "aside",
  },
  {
    id: "share",
    header: "Of all",
    cell: ({ calls, asked }) => formatPercent(calls, asked),
    width: 72,
    align: "right",
  },
];

/** Said where there are more than are shown. */
function Of({ shown, all }: { shown: number; all: number }) {
  if (all <= shown) return null;
  return (
    <p className={classes.note}>
      The {formatCount(shown)} most frequent of {formatCount(all)} are shown. The call log finds the others.
    </p>
  );
}

export function ByEndpoint({ data: { endpoints, kinds, range } }: { data: UpstreamsData }) {
  if (endpoints.length === 0) return null;
  return (
    <Section title="By endpoint">
      <DataTable
        label="Calls by endpoint"
        columns={endpointColumns}
        rows={endpoints}
        rowId={({ service, endpoint }) => `${service} ${endpoint}`}
        rowHref={({ service, endpoint }) => callsHref({ service, endpoint, range })}
        empty={null}
      />
      <Of shown={endpoints.length} all={kinds.endpoints} />
    </Section>
  );
}

export function ByTask({ data: { tasks, kinds, range, service } }: { data: UpstreamsData }) {
  if (tasks.length === 0) return null;
  return (
    <Section title="By task">
      <DataTable
        label="Calls by task"
        columns={taskColumns}
        rows={tasks}
        rowId={({ task }) => task ?? ""}
        rowHref={({ task }) => callsHref({ ...(service && { service }), ...(task && { task }), range })}
        keyboard={false}
        empty={null}
      />
      <Of shown={tasks.length} all={kinds.tasks} />
    </Section>
  );
}

export function ByError({ data: { errors, kinds, range, total } }: { data: UpstreamsData }) {
  if (total.asked + total.cached === 0) return null;
  return (
    <Section title="Top errors">
      <DataTable
        label="Errors of calls"
        columns={failureColumns}
        rows={errors.map((error) => ({ ...error, asked: total.asked }))}
        rowId={({ service, outcome }) => `${service} ${outcome}`}
        rowHref={({ service, outcome }) => callsHref({ service, error: outcome, range })}
        keyboard={false}
        empty={<EmptyState kind="clear" title={`No call failed in the ${RANGE_WORDS[range]}`} />}
      />
      <Of shown={errors.length} all={kinds.errors} />
    </Section>
  );
}
