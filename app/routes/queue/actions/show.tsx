import { Anchor } from "@mantine/core";
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import {
  abortBulkAction,
  type BulkActionView,
  findBulkAction,
  findBulkActionJob,
} from "#app/queue/bulk-actions.server.ts";
import { refusals, refusalWords, scopeWords } from "#app/queue/job-action.ts";
import { actionTitle } from "#app/routes/queue/actions/action-title.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { ProgressBar } from "#app/ui/progress-bar.tsx";
import { Status } from "#app/ui/status.tsx";

export const loader = door(async ({ params }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const id = params.actionId ?? "";
  const [{ action, job }, isWorkerAlive] = await Promise.all([
    sharedRead(`queue:bulk-action?${id}`, async () => {
      const job = await findBulkActionJob(db, id);
      return { job, action: await findBulkAction(db, id) };
    }),
    workerAlive(db),
  ]);
  return { action, job, isWorkerAlive };
});

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  if (form.get("intent") !== "abort") throw unknownForm();
  const id = params.actionId ?? "";
  const actor = requireActor(context);
  return appContext()
    .db.transaction()
    .execute(async (trx) => {
      const { isOver } = await abortBulkAction(trx, id, actor.name);
      await audit(trx, {
        actor,
        requestId: context.get(requestIdContext),
        action: "bulk_action.abort",
        subject: `bulk_action:${id}`,
      });
      return {
        message: `${isOver ? "It is aborted." : "It stops after the batch in hand."} What is done stays done.`,
      };
    });
});

export default function BulkActionPage() {
  const { action, job, isWorkerAlive } = useLoaderData<typeof loader>();
  const isOpen = action.status === "queued" || action.status === "running";
  useLive(isOpen || action.status === "failed" ? "/live?topic=console" : null);
  const list = new URLSearchParams({ state: action.state, ...(action.filter && { q: action.filter }) });
  return (
    <Page
      title={`${actionTitle(action)}: ${scopeWords(action)}`}
      back={{ to: "/queue/actions", label: "Bulk actions" }}
      meta={[
        <Status key="status" status={action.status} {...(action.isAborting && { label: "aborting" })} />,
        `asked for by ${action.requestedBy}`,
        <Ago key="at" at={action.createdAt} />,
        action.startedAt && action.finishedAt ? (
          <>
            took <Duration from={action.startedAt} to={action.finishedAt} />
          </>
        ) : null,
      ]}
      actions={
        <>
          <LinkButton to={`/queue?${list}`}>Jobs that match now</LinkButton>
          <Abort action={action} job={job} />
        </>
      }
    >
      {isOpen && !isWorkerAlive ? <NoWorker /> : null}
      <Trouble action={action} job={job} />
      <ProgressBar
        label="Jobs looked at"
        value={action.lookedAt}
        // What moved on before its turn came is never looked at.
        total={action.status === "completed" ? action.lookedAt : Math.max(action.asked, action.lookedAt)}
        tone={action.status === "completed" ? "success" : action.status === "running" ? "running" : "neutral"}
      />
      <Section title="Result">
        <Result action={action} />
      </Section>
    </Page>
  );
}

interface CarriedProps {
  action: BulkActionView;
  job: { id: string; isAlive: boolean } | null;
}

/** What went wrong with the job that carries it out, and where to go on. */
function Trouble({ action, job }: CarriedProps) {
  const isOpen = action.status === "queued" || action.status === "running";
  if (isOpen && job === null)
    return (
      <ErrorText message="The job that carries it out has left the queue, so nothing more will be done. Abort it, and ask again for what is left." />
    );
  const hasStopped = action.status === "failed" || (isOpen && job !== null && !job.isAlive);
  if (!hasStopped) return null;
  return (
    <ErrorText
      message={
        action.errorMessage ?? "The job that carries it out has failed, so nothing more will be done for now."
      }
    >
      {job ? (
        <Anchor component={Link} to={`/queue/jobs/${job.id}`}>
          Retry its job to go on
        </Anchor>
      ) : null}
    </ErrorText>
  );
}

function Result({ action }: { action: BulkActionView }) {
  const reasons = refusals.flatMap((refusal) => {
    const count = action.refused[refusal] ?? 0;
    return count > 0 ? [refusalWords(refusal, count)] : [];
  });
  const left = Math.max(0, action.asked - action.lookedAt);
  if (left > 0 && action.status !== "completed")
    reasons.push(`${formatCount(left)} ${left === 1 ? "was" : "were"} not looked at`);
  const { reason } = action.parameters;
  return (
    <Facts
      facts={[
        { label: "Asked", value: formatQuantity(action.asked, "job") },
        { label: "Done", value: formatCount(action.done) },
        {
          label: "Not done",
          value:
            reasons.length === 0 ? "none" : reasons.map((sentence) => <div key={sentence}>{sentence}</div>),
        },
        typeof reason === "string" ? { label: "Why", value: reason } : null,
        action.abortedBy === null ? null : { label: "Aborted by", value: action.abortedBy },
      ]}
    />
  );
}

function Abort({ action, job }: CarriedProps) {
  const isOver = action.status === "completed" || action.status === "aborted";
  const reason = isOver
    ? `It is ${action.status}, so there is nothing to stop`
    : action.isAborting && job?.isAlive
      ? "It is stopping"
      : null;
  const left = Math.max(0, action.asked - action.lookedAt);
  return (
    <ConfirmButton
      fields={{ intent: "abort" }}
      title="Abort this bulk action?"
      text={`${formatQuantity(left, "job")} were not looked at yet and stay as they are. What is done stays done.`}
      confirmLabel="Abort"
      confirmTone="danger"
      disabledReason={reason}
    >
      Abort
    </ConfirmButton>
  );
}
