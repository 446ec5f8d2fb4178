import type { QuoteRun } from "#app/quotes/quote-runs.server.ts";
import { statisticsWords } from "#app/routes/quotes/statistics-words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Status } from "#app/ui/status.tsx";

function Outcome({ run }: { run: QuoteRun }) {
  if (run.outcome === "completed" && run.statistics?.outcome === "suspicious")
    return <Status status="review" label="suspicious" />;
  if (run.outcome === "completed" && run.statistics?.outcome === "skipped")
    return <Status status="skipped" label="nothing to do" />;
  if (run.outcome === "failed") return <Status status="failed" />;
  return run.outcome === "retrying" ? <Status status="retrying" /> : <Status status="completed" />;
}

const columns: Column<QuoteRun>[] = [
  {
    id: "when",
    header: "When",
    cell: ({ finishedAt }) => <Ago at={finishedAt} />,
    width: 120,
    phone: "aside",
  },
  {
    id: "film",
    header: "Film",
    cell: ({ title, workId }) => title ?? `work ${workId ?? "–"}`,
    phone: "title",
  },
  { id: "outcome", header: "Outcome", cell: (run) => <Outcome run={run} />, width: 140 },
  {
    id: "statistics",
    header: "What it did",
    cell: ({ errorMessage, statistics }) => errorMessage ?? statisticsWords(statistics),
    dimmed: true,
  },
  {
    id: "took",
    header: "Took",
    cell: ({ startedAt, finishedAt }) => <Duration from={startedAt} to={finishedAt} />,
    align: "right",
    width: 90,
    phone: "hidden",
  },
];

/** The latest fetches, newest first; each leads to its job. */
export function RunsTable({ runs }: { runs: readonly QuoteRun[] }) {
  return (
    <DataTable
      label="Latest fetches"
      columns={columns}
      rows={runs}
      rowId={({ runId }) => runId}
      rowHref={({ jobId }) => `/queue/jobs/${jobId}`}
      empty={
        <EmptyState kind="yet" title="No fetch yet">
          Fetches begin by themselves when a film with an IMDb id comes in, or when you ask for them.
        </EmptyState>
      }
    />
  );
}
