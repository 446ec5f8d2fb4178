import {
  type ActionFunctionArgs,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useNavigate,
} from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { argumentOf } from "#app/routes/queue/argument.ts";
import { Attempts } from "#app/routes/queue/job/attempts.tsx";
import { Calls } from "#app/routes/queue/job/calls.tsx";
import classes from "#app/routes/queue/job/job.module.css";
import { JobActions } from "#app/routes/queue/job/job-actions.tsx";
import { JobFacts } from "#app/routes/queue/job/job-facts.tsx";
import { LifeLine } from "#app/routes/queue/job/life-line.tsx";
import { type JobPageData, loadJob } from "#app/routes/queue/job/load-job.server.ts";
import { runJobForm } from "#app/routes/queue/job-forms.server.ts";
import { useRememberedList } from "#app/routes/queue/jobs/list-memory.ts";
import { UnknownTask } from "#app/routes/queue/unknown-task.tsx";
import { Json } from "#app/ui/json.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { RunStrip } from "#app/ui/run-strip.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";
import { Status } from "#app/ui/status.tsx";

export const loader = door(({ params }: LoaderFunctionArgs) => loadJob(appContext(), params.jobId ?? ""));

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  form.set("ids", params.jobId ?? "");
  const { db } = appContext();
  return runJobForm({ db, actor: requireActor(context), requestId: context.get(requestIdContext) }, form);
});

export default function JobPage() {
  const data = useLoaderData<typeof loader>();
  const { job, runs, calls } = data;
  const isOver = job.fate === "completed" || job.fate === "discarded" || job.fate === "removed";
  useLive(isOver ? null : "/live?topic=console");
  const way = useWay(data);
  const argument = argumentOf(job.payload);
  const statistics = job.attemptsMade.find(({ statistics }) => statistics !== null)?.statistics ?? null;
  const waits = job.fate === "queued" || job.fate === "retrying";
  return (
    <Page
      title={argument ? `${job.task} ${argument}` : job.task}
      state={job.fate === "failed" ? "failed" : null}
      back={{ to: way.list, label: "Jobs" }}
      meta={[
        <Status key="fate" status={job.fate} />,
        `attempt ${job.attempts} of ${job.maxAttempts}`,
        `job ${job.id}`,
        way.previous || way.next ? <Way key="way" {...way} /> : null,
      ]}
      actions={<JobActions job={job} />}
    >
      {waits && !data.isWorkerAlive ? <NoWorker /> : null}
      {waits || job.fate === "scheduled" ? <UnknownTask tasks={data.isTaskKnown ? [] : [job.task]} /> : null}
      <div className={classes.columns}>
        <LifeLine job={job} />
        <JobFacts job={job} subject={data.subject} />
      </div>
      <Section title={`Last runs of ${job.task}`}>
        <RunStrip
          label={`Runs of ${job.task}`}
          size={50}
          runs={runs.map((run) => ({ ...run, href: `/queue/jobs/${run.jobId}` }))}
        />
      </Section>
      <div className={classes.columns}>
        <Section title="Payload">
          <Json label="the payload" value={job.payload} />
        </Section>
        <Section title="Result">
          {statistics ? (
            <Json label="the result" value={statistics} />
          ) : (
            <p className={classes.nothing}>No attempt has left a result.</p>
          )}
        </Section>
      </div>
      <Attempts job={job} />
      <Calls {...calls} />
    </Page>
  );
}

interface WayProps {
  list: string;
  previous: string | null;
  next: string | null;
}

/** Back to the list, and on to its neighbours; for who came from elsewhere, to the runs of the task before and after. */
function useWay({ job, runs }: JobPageData): WayProps {
  const list = useRememberedList(job.id);
  const ids = list?.ids ?? [...new Set(runs.map(({ jobId }) => jobId))];
  const at = ids.indexOf(job.id);
  const navigate = useNavigate();
  const way = {
    list: list?.to ?? "/queue",
    previous: at > 0 ? `/queue/jobs/${ids[at - 1]}` : null,
    next: at >= 0 && at < ids.length - 1 ? `/queue/jobs/${ids[at + 1]}` : null,
  };
  useShortcut({ keys: "j", label: "Next job", run: () => way.next && navigate(way.next) });
  useShortcut({ keys: "k", label: "Previous job", run: () => way.previous && navigate(way.previous) });
  useShortcut({ keys: "Escape", label: "Back to the jobs", run: () => navigate(way.list) });
  return way;
}

function Way({ previous, next }: WayProps) {
  return (
    <span className={classes.way}>
      {previous ? <Link to={previous}>previous</Link> : <span>previous</span>}
      {next ? <Link to={next}>next</Link> : <span>next</span>}
    </span>
  );
}
