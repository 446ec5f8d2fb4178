import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { countJobsByStatus, listJobs } from "#app/imports/jobs.server.ts";
import { sources } from "#app/imports/sources/registry.ts";
import { jobStatuses } from "#app/imports/status.ts";
import { door } from "#app/middleware/door.server.ts";
import { formatLabel } from "#app/routes/imports/format-label.server.ts";
import classes from "#app/routes/imports/imports.module.css";
import { ImportsTable } from "#app/routes/imports/imports-table.tsx";
import { isFiltered, readListFilter } from "#app/routes/imports/list-filter.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { Toolbar } from "#app/ui/toolbar.tsx";

const PAGE_SIZE = 50;

export const loader = door(async ({ url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const filter = readListFilter(url.searchParams);
  const cursor = url.searchParams.get("cursor") ?? undefined;
  const [counts, page, isWorkerAlive] = await Promise.all([
    countJobsByStatus(db),
    listJobs(db, filter, { limit: PAGE_SIZE, cursor }),
    workerAlive(db),
  ]);
  return {
    filter,
    counts,
    isWorkerAlive,
    sources: Object.entries(sources).flatMap(([id, { label, formats }]) =>
      formats.length > 0 ? [{ id, label }] : [],
    ),
    jobs: page.jobs.map((job) => ({ ...job, label: formatLabel(job) })),
    nextCursor: page.nextCursor,
  };
});

export default function Imports() {
  const { filter, counts, sources, jobs, nextCursor, isWorkerAlive } = useLoaderData<typeof loader>();
  useLive("/live?topic=imports");
  const waits = counts.queued + counts.processing > 0;
  const present = jobStatuses.filter((status) => counts[status] > 0 || filter.status === status);
  return (
    <Page
      title="Imports"
      state={counts.processing > 0 ? `${counts.processing} processing` : null}
      actions={
        <LinkButton to="/imports/new" tone="primary">
          New import
        </LinkButton>
      }
    >
      {waits && !isWorkerAlive ? <NoWorker consequence="imports wait" /> : null}
      <Toolbar search={<SearchField label="Search file or person" />}>
        {present.length > 0 ? (
          <FilterChips
            label="Imports by status"
            param="status"
            current={filter.status ?? null}
            chips={present.map((status) => ({ value: status, label: status, status, count: counts[status] }))}
          />
        ) : null}
      </Toolbar>
      <div className={classes.filters}>
        <FilterChips
          label="Imports by source"
          param="source"
          current={filter.source ?? null}
          chips={sources.map(({ id, label }) => ({ value: id, label }))}
        />
        <FilterChips
          label="Imports with failures"
          param="failures"
          current={filter.hasFailures ? "yes" : null}
          chips={[{ value: "yes", label: "has failures" }]}
        />
      </div>
      <ImportsTable jobs={jobs} isFiltered={isFiltered(filter)} />
      <KeysetPager label="Imports" next={nextCursor} shown={jobs.length} />
    </Page>
  );
}
