import { Anchor } from "@mantine/core";
import { Link, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { door } from "#app/middleware/door.server.ts";
import { queueTabs } from "#app/routes/queue/queue-tabs.ts";
import { loadWorkers, type WorkersData } from "#app/routes/queue/workers/load-workers.server.ts";
import { goneColumns, JobsInHand, presentColumns } from "#app/routes/queue/workers/worker-columns.tsx";
import classes from "#app/routes/queue/workers/workers.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";

export const loader = door(() => loadWorkers(appContext()));

const rowId = ({ id }: { id: string }) => id;

export default function Workers() {
  const { present, gone, stray, hasMoreWorkers, hasMoreJobs } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const running = present.filter(({ state }) => state === "running");
  const silent = present.length - running.length;
  return (
    <Page
      title="Queue"
      state={running.length === 0 ? "no worker" : silent > 0 ? `${silent} silent` : null}
      tabs={queueTabs("workers")}
    >
      {running.length === 0 ? <NoWorker /> : null}
      <Silence present={present} gone={gone} />
      <DataTable
        label="Workers"
        columns={presentColumns}
        rows={present}
        rowId={rowId}
        empty={
          <EmptyState kind="yet" title="No worker is running">
            What waits stays as it is until one is started.
          </EmptyState>
        }
      />
      {hasMoreJobs ? (
        <p className={classes.note}>
          More jobs run than are listed here: those that have run longest are.{" "}
          <Anchor component={Link} to="/queue?state=running" inherit underline="always">
            All running jobs
          </Anchor>
        </p>
      ) : null}
      <p className={classes.note}>
        A worker that is not heard of for 30 seconds is declared dead by the others within 15 more, and its
        jobs go to them at once: nobody has to unlock anything.
      </p>
      {stray.length > 0 ? (
        <Section title="In the hands of no known worker">
          <p className={classes.note}>
            A worker that starts or has just died holds them. They are freed after a minute at most.
          </p>
          <JobsInHand jobs={stray} />
        </Section>
      ) : null}
      <Section title="Ended in the last hour">
        <DataTable
          label="Workers that ended in the last hour"
          columns={goneColumns}
          rows={gone}
          rowId={rowId}
          keyboard={false}
          empty={<EmptyState kind="clear" title="No worker ended in the last hour" />}
        />
        {hasMoreWorkers ? (
          <p className={classes.note}>
            Only the last {formatQuantity(present.length + gone.length, "worker")} are shown. That many in an
            hour means that they fall over: look at their logs.
          </p>
        ) : null}
      </Section>
    </Page>
  );
}

/** Names who does not answer, and what becomes of what it has in hand. */
function Silence({ present, gone }: Pick<WorkersData, "present" | "gone">) {
  const isAnyRunning = present.some(({ state }) => state === "running");
  return (
    <>
      {present
        .filter(({ state }) => state === "silent")
        .map(({ id, host, pid, heartbeatAt, jobs }) => (
          <ErrorText
            key={id}
            message={`Worker ${host} · ${pid} is silent. ${fateOf(jobs.length, isAnyRunning)}`}
          >
            <span>
              last heard <Ago at={heartbeatAt} />
            </span>
          </ErrorText>
        ))}
      {gone
        .filter(({ state }) => state === "dead")
        .map(({ id, host, pid, endedAt, releasedJobs }) => (
          <ErrorText
            key={id}
            message={`Worker ${host} · ${pid} fell silent and was declared dead. ${formatQuantity(releasedJobs ?? 0, "job")} it had in hand went to other workers.`}
          >
            <Ago at={endedAt} />
          </ErrorText>
        ))}
    </>
  );
}

function fateOf(jobs: number, isAnyRunning: boolean): string {
  if (jobs === 0) return "It had nothing in hand.";
  const its = `Its ${formatQuantity(jobs, "job")}`;
  const goes = jobs === 1 ? "goes" : "go";
  return isAnyRunning
    ? `${its} ${goes} to other workers within 15 seconds.`
    : `${its} ${goes} to the next worker that is started.`;
}
