import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { discoveryTabs } from "#app/routes/discovery/discovery-tabs.ts";
import { ChangedTable } from "#app/routes/discovery/refresh/changed-table.tsx";
import { CoverageTable } from "#app/routes/discovery/refresh/coverage-table.tsx";
import { DueList } from "#app/routes/discovery/refresh/due-list.tsx";
import { FailingTable } from "#app/routes/discovery/refresh/failing-table.tsx";
import { FeedCard } from "#app/routes/discovery/refresh/feed-card.tsx";
import { loadRefresh, type RefreshView } from "#app/routes/discovery/refresh/load-refresh.server.ts";
import { runRefreshAction } from "#app/routes/discovery/refresh/refresh-actions.server.ts";
import { RulesForm } from "#app/routes/discovery/refresh/rules-form.tsx";
import { PerDayChart } from "#app/routes/discovery/runs/per-day-chart.tsx";
import { RunsTable } from "#app/routes/discovery/runs/runs-table.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadRefresh(appContext(), url.searchParams));

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const actor = requireActor(context);
  return runRefreshAction({ ...appContext(), actor, requestId: context.get(requestIdContext) }, form);
});

const VIEWS = [
  { value: null, label: "due" },
  { value: "changed", label: "recently changed" },
  { value: "failing", label: "failing" },
  { value: "runs", label: "runs" },
  { value: "rules", label: "rules" },
];

/** Each reason is counted to a bound, so their sum may be more. */
function dueText({ dueCounts, mostCounted }: Pick<RefreshView, "dueCounts" | "mostCounted">): string {
  const isMore = dueCounts.some(({ works }) => works > mostCounted);
  const works = dueCounts.reduce((sum, reason) => sum + Math.min(reason.works, mostCounted), 0);
  return isMore ? `more than ${formatQuantity(works, "work")}` : formatQuantity(works, "work");
}

export default function Refresh() {
  const shown = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const { view, budget, off } = shown;
  const dueNow = dueText(shown);
  return (
    <Page
      title="Discovery"
      tabs={discoveryTabs("refresh")}
      meta={[
        `${dueNow} due`,
        `at most ${formatCount(budget)} calls a day, ${shown.rules.rules.dailyShare} % of TMDB's limit`,
      ]}
      actions={
        <ConfirmButton
          fields={{ intent: "run" }}
          title="Run the daily refresh now?"
          text={`It reads TMDB's change feeds and queues what is due: ${dueNow} now, within what is left of the day's budget. It runs in addition to its schedule.`}
          confirmLabel="Run refresh"
          tone="primary"
          disabledReason={off ? "TMDB is off" : null}
        >
          Run now
        </ConfirmButton>
      }
    >
      {off ? <ErrorText message={off} /> : null}
      {shown.isWorkerAlive ? null : <NoWorker consequence="nothing is refreshed" />}
      <FeedCard feeds={shown.feeds} running={shown.running} />
      <Section title="Coverage by age of the release">
        <CoverageTable coverage={shown.coverage} rules={shown.rules.rules} />
      </Section>
      <FilterChips label="Views of the refresh" param="view" current={view} chips={VIEWS} />
      {shown.due ? (
        <DueList
          due={shown.due}
          counts={shown.dueCounts}
          filter={shown.filter}
          mostCounted={shown.mostCounted}
        />
      ) : null}
      {shown.changed ? (
        <Section title="Recently changed">
          <ChangedTable works={shown.changed.works} />
          <KeysetPager label="Changed works" next={shown.changed.next} shown={shown.changed.works.length} />
        </Section>
      ) : null}
      {shown.failing ? (
        <Section title="Refreshes that fail">
          <FailingTable works={shown.failing.works} />
          <KeysetPager label="Failing works" next={shown.failing.next} shown={shown.failing.works.length} />
        </Section>
      ) : null}
      {shown.runs ? (
        <Section title="Runs">
          <PerDayChart label="Works refreshed per day, last 90 days" days={shown.runs.perDay} />
          <RunsTable runs={shown.runs.runs} label="Refresh runs" empty="No refresh has run yet" />
          <KeysetPager label="Refresh runs" next={shown.runs.next} shown={shown.runs.runs.length} />
        </Section>
      ) : null}
      {view === "rules" ? <RulesForm rules={shown.rules} budget={budget} /> : null}
    </Page>
  );
}
