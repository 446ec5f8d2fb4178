import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { abortBulkAction, type BulkActionView, findBulkAction } from "#app/queue/bulk-actions.server.ts";
import { refusals, refusalWords, scopeWords } from "#app/queue/job-action.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";
import { actionTitle } from "#app/routes/queue/actions/action-title.ts";
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
  const [action, isWorkerAlive] = await Promise.all([
    sharedRead(`queue:bulk-action?${id}`, () => findBulkAction(db, id)),
    sharedRead("queue:worker-alive", () => isAnyWorkerAlive(db)),
  ]);
  return { action, isWorkerAlive };
});

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  if (form.get("intent") !== "abort") throw unknownForm();
  const id = params.actionId ?? "";
  const actor = requireActor(context);
  return appContext()
    .db.transaction()
    .execute(async (trx) => {
      await abortBulkAction(trx, id, actor.name);
      await audit(trx, {
        actor,
        requestId: context.get(requestIdContext),
        action: "bulk_action.abort",
        subject: `bulk_action:${id}`,
      });
      return { message: "It stops after the batch in hand. What is done stays done." };
    });
});

export default function BulkActionPage() {
  const { action, isWorkerAlive } = useLoaderData<typeof loader>();
  const isOpen = action.status === "queued" || action.status === "running";
  useLive(isOpen ? "/live?topic=console" : null);
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
          <Abort action={action} />
        </>
      }
    >
      {isOpen && !isWorkerAlive ? <NoWorker /> : null}
      {action.errorMessage === null ? null : <ErrorText message={action.errorMessage} />}
      <ProgressBar
        label="Jobs looked at"
        value={action.lookedAt}
        total={Math.max(action.asked, action.lookedAt)}
        tone={action.status === "completed" ? "success" : action.status === "running" ? "running" : "neutral"}
      />
      <Section title="Result">
        <Result action={action} />
      </Section>
    </Page>
  );
}

function Result({ action }: { action: BulkActionView }) {
  const reasons = refusals.flatMap((refusal) => {
    const count = action.refused[refusal] ?? 0;
    return count > 0 ? [refusalWords(refusal, count)] : [];
  });
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

function Abort({ action }: { action: BulkActionView }) {
  const isOpen = action.status === "queued" || action.status === "running";
  const reason = !isOpen
    ? `It is ${action.status}, so there is nothing to stop`
    : action.isAborting
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
