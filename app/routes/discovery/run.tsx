import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { findRun, listMembers, type RunView } from "#app/discovery/runs/list-runs.server.ts";
import { countRetryable, retryFailedMembers } from "#app/discovery/runs/retry-failed.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { feedNotes } from "#app/routes/discovery/runs/feed-notes.ts";
import { MembersTable } from "#app/routes/discovery/runs/members-table.tsx";
import { sourceLabel } from "#app/routes/discovery/runs/source-label.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatCount, formatPercent, formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { SegmentedBar } from "#app/ui/segmented-bar.tsx";
import { Status } from "#app/ui/status.tsx";

const PAGE_SIZE = 100;
const statuses = ["ingested", "skipped", "failed", "pending"] as const;
type MemberStatus = (typeof statuses)[number];

const shown = {
  ingested: { status: "success", label: "stored" },
  skipped: { status: "skipped", label: "skipped" },
  failed: { status: "failed", label: "failed" },
  pending: { status: "pending", label: "not yet" },
} as const;

export const loader = door(async ({ params, url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const id = params.runId ?? "";
  const wanted = url.searchParams.get("status");
  const status: MemberStatus | null = statuses.find((one) => one === wanted) ?? null;
  const after = Number(/^\d{1,9}$/.exec(url.searchParams.get("cursor") ?? "")?.[0] ?? 0);
  const run = await sharedRead(`run ${id}`, () => findRun(db, id));
  const members = await sharedRead(`run members ${id} ${status} ${after}`, () =>
    listMembers(db, id, { status: status ?? undefined }, { limit: PAGE_SIZE, after }),
  );
  const retryable =
    run.failed > 0 ? await sharedRead(`run retryable ${id}`, () => countRetryable(db, id)) : 0;
  return { run, retryable, status, isWorkerAlive: await workerAlive(db), ...members };
});

/** Tries what has failed once more. */
export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const actor = requireActor(context);
  const { form } = await readForm(request);
  if (form.get("intent") !== "retry") throw unknownForm();
  const titles = await db.transaction().execute(async (trx) => {
    const { id } = await findRun(trx, params.runId ?? "");
    const again = await retryFailedMembers(trx, id);
    await audit(trx, {
      actor,
      requestId: context.get(requestIdContext),
      action: "discovery.retry",
      subject: `run:${id}`,
      details: { titles: again },
    });
    return again;
  });
  const [is, each] = titles === 1 ? ["is", "it succeeds"] : ["are", "each succeeds"];
  return {
    message: `${formatQuantity(titles, "title")} ${is} tried again; the run is put right when ${each}.`,
  };
});

export default function RunPage() {
  const { run, retryable, status, members, next, isWorkerAlive } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const counts = {
    ingested: run.ingested,
    skipped: run.skipped,
    failed: run.failed,
    pending: run.notAttempted,
  };
  const settled = run.checked - run.notAttempted;
  const parent = run.kind === "refresh" ? "refresh" : "discovery";
  return (
    <Page
      title={run.kind === "refresh" ? `Refresh run ${run.id}` : `Discovery run ${run.id}`}
      state={run.failed > 0 ? `${run.failed} failed` : null}
      back={
        parent === "refresh"
          ? { to: "/discovery/refresh", label: "Refresh" }
          : { to: "/discovery", label: "Discovery" }
      }
      meta={metaOf(run)}
      actions={
        <>
          {run.jobId ? <LinkButton to={`/queue/jobs/${run.jobId}`}>Queue job</LinkButton> : null}
          {run.failed > 0 ? (
            <PostButton
              fields={{ intent: "retry" }}
              tone={retryable > 0 ? "primary" : "default"}
              disabledReason={
                retryable === 0 ? "TMDB has given these titles up, so another try would not help" : null
              }
            >
              {retryable === 0 ? "Retry failed" : `Retry ${formatCount(retryable)} failed`}
            </PostButton>
          ) : null}
        </>
      }
    >
      {run.status === "running" && !isWorkerAlive ? <NoWorker consequence="this run waits" /> : null}
      {run.errorMessage ? <ErrorText message={run.errorMessage} code={run.errorCode} /> : null}
      <SegmentedBar
        label="Films of this run"
        total={run.checked}
        segments={statuses
          .filter((one) => one !== "pending")
          .map((one) => ({ ...shown[one], count: counts[one] }))}
      />
      <p>
        {run.plannedAt === null
          ? "Lists and feed are still being read."
          : `${formatCount(settled)} of ${formatCount(run.checked)} (${formatPercent(settled, run.checked)})`}
        {run.pagesRead > 0 ? ` · ${formatCount(run.pagesRead)} list calls` : null}
      </p>
      <RunErrors errors={run.errors} />
      {feedNotes(run.parameters).map((note) => (
        <p key={note}>{note}</p>
      ))}
      <FilterChips
        label="Films by outcome"
        param="status"
        current={status}
        chips={statuses
          .filter((one) => counts[one] > 0 || status === one)
          .map((one) => ({ value: one, ...shown[one], count: counts[one] }))}
      />
      <Section title={run.kind === "refresh" ? "Works" : "Films"}>
        <MembersTable members={members} isFiltered={status !== null} />
        <KeysetPager label="Films" next={next === null ? null : String(next)} shown={members.length} />
      </Section>
    </Page>
  );
}

function metaOf(run: RunView) {
  return [
    <Status key="status" status={run.status} />,
    sourceLabel(run.source),
    run.triggerType === "scheduled" ? "by schedule" : "by hand",
    <>
      started <Ago at={run.startedAt} />
    </>,
    run.finishedAt ? (
      <>
        took <Duration from={run.startedAt} to={run.finishedAt} />
      </>
    ) : null,
  ];
}

function RunErrors({ errors }: { errors: unknown }) {
  const list = Array.isArray(errors) ? errors : [];
  const texts = list.flatMap((error: unknown) =>
    typeof error === "object" && error !== null && "message" in error ? [String(error.message)] : [],
  );
  return texts.map((text) => <ErrorText key={text} message={text} />);
}
