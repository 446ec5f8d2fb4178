import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { suggestWords } from "#app/queue/filter-suggestions.ts";
import { jobStates } from "#app/queue/job-state.ts";
import { runJobForm } from "#app/routes/queue/job-forms.server.ts";
import { Jobs } from "#app/routes/queue/jobs/jobs.tsx";
import { loadJobs } from "#app/routes/queue/jobs/load-jobs.server.ts";
import { queueTabs } from "#app/routes/queue/queue-tabs.ts";
import { UnknownTask } from "#app/routes/queue/unknown-task.tsx";
import { BarChart } from "#app/ui/bar-chart.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatCount } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";
import { TokenField } from "#app/ui/token-field.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadJobs(appContext(), url.searchParams));

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const { db } = appContext();
  return runJobForm({ db, actor: requireActor(context), requestId: context.get(requestIdContext) }, form);
});

const series = [
  { id: "done", label: "done", status: "completed" },
  { id: "failed", label: "failed", status: "failed" },
] as const;

export default function QueueJobs() {
  const data = useLoaderData<typeof loader>();
  const { state, counts, problems, hours, knownTasks, text } = data;
  useLive("/live?topic=console");
  const waits = counts.queued + counts.retrying > 0;
  return (
    <Page
      title="Queue"
      state={counts.failed > 0 ? `${formatCount(counts.failed)} failed` : null}
      tabs={queueTabs("jobs")}
    >
      {waits && !data.isWorkerAlive ? <NoWorker /> : null}
      {state === "queued" ? <UnknownTask tasks={data.unknownTasks} /> : null}
      <FilterChips
        label="Jobs by state"
        param="state"
        current={state}
        chips={jobStates.map((value) => ({
          value,
          label: value,
          status: value,
          ...(counts[value] !== null && { count: counts[value] }),
        }))}
      />
      <TokenField
        label="Filter jobs"
        placeholder='task:refresh_work  tmdbId:603  error:"429"  since:24h'
        suggest={(typed) => suggestWords(typed, { tasks: knownTasks })}
      />
      {problems.map((problem) => (
        <ErrorText key={problem} message={problem} announce={text !== ""} />
      ))}
      <BarChart label="Runs per hour, last 24 hours" series={series} buckets={hours} height={96} />
      <Jobs data={data} />
      {data.jobs.length > 0 || !data.lookedBackTo ? (
        <KeysetPager label="Jobs" next={data.nextCursor} shown={data.jobs.length} />
      ) : null}
    </Page>
  );
}
