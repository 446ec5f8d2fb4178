import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { listExcluded } from "#app/discovery/excluded/excluded-titles.server.ts";
import { listRuns, runsPerDay } from "#app/discovery/runs/list-runs.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { runDiscoveryAction } from "#app/routes/discovery/discovery/discovery-actions.server.ts";
import { ExcludedTable } from "#app/routes/discovery/discovery/excluded-table.tsx";
import { RunForm } from "#app/routes/discovery/discovery/run-form.tsx";
import { discoveryTabs } from "#app/routes/discovery/discovery-tabs.ts";
import { PerDayChart } from "#app/routes/discovery/runs/per-day-chart.tsx";
import { RunsTable } from "#app/routes/discovery/runs/runs-table.tsx";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { ErrorText } from "#app/ui/error-text.tsx";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { isOn, offSentence } from "#app/upstreams/services.ts";

const RUNS = 20;
const EXCLUDED = 50;
const CHART_DAYS = 90;

export const loader = door(async ({ url }: LoaderFunctionArgs) => {
  const { db, config } = appContext();
  const before = /^\d{1,18}$/.exec(url.searchParams.get("cursor") ?? "")?.[0];
  const excludedCursor = url.searchParams.get("excluded") ?? undefined;
  const [runs, perDay, excluded, isWorkerAlive] = await Promise.all([
    sharedRead(`discovery runs ${before}`, () =>
      listRuns(db, { kind: "discovery" }, { limit: RUNS, before }),
    ),
    sharedRead("discovery per day", () => runsPerDay(db, "discovery", CHART_DAYS)),
    sharedRead(`excluded ${excludedCursor}`, () =>
      listExcluded(db, { limit: EXCLUDED, cursor: excludedCursor }),
    ),
    workerAlive(db),
  ]);
  return {
    ...runs,
    perDay,
    excluded,
    isWorkerAlive,
    off: isOn("tmdb", config) ? null : offSentence("tmdb"),
  };
});

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const actor = requireActor(context);
  return runDiscoveryAction({ ...appContext(), actor, requestId: context.get(requestIdContext) }, form);
});

export default function Discovery() {
  const { runs, next, perDay, excluded, isWorkerAlive, off } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  return (
    <Page title="Discovery" tabs={discoveryTabs("discovery")}>
      {off ? <ErrorText message={off} /> : null}
      {isWorkerAlive ? null : <NoWorker consequence="a run waits until one is" />}
      <Section title="New run">
        <RunForm off={off} />
      </Section>
      <Section title="Runs">
        <PerDayChart label={`Films of discovery runs per day, last ${CHART_DAYS} days`} days={perDay} />
        <RunsTable runs={runs} label="Discovery runs" empty="No run yet" />
        <KeysetPager label="Discovery runs" next={next} shown={runs.length} />
      </Section>
      <Section title="Excluded titles">
        <ExcludedTable titles={excluded.titles} />
        <KeysetPager
          label="Excluded titles"
          param="excluded"
          next={excluded.next}
          shown={excluded.titles.length}
        />
      </Section>
    </Page>
  );
}
