import { IconDownload } from "@tabler/icons-react";
import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { z } from "zod";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { findJob } from "#app/imports/jobs.server.ts";
import { foretellUndo } from "#app/imports/undo/foretell-undo.server.ts";
import { requestUndo } from "#app/imports/undo/request-undo.server.ts";
import { isUndoRunning, whyNoUndo } from "#app/imports/undo/undo-reasons.ts";
import { listUndone } from "#app/imports/undo/undo-report.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";
import { Forecast, UndoButton } from "#app/routes/imports/undo/forecast.tsx";
import { UndoResult } from "#app/routes/imports/undo/result.tsx";
import { Ago } from "#app/ui/ago.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";
import { Status } from "#app/ui/status.tsx";

const LEFT_SHOWN = 100;

export type UndoPageData = Awaited<ReturnType<typeof readUndo>>;

export const loader = door(({ params }: LoaderFunctionArgs) => readUndo(params.jobId ?? ""));

async function readUndo(jobId: string) {
  const { db } = appContext();
  const job = await findJob(db, jobId);
  const refusal = whyNoUndo(job);
  const running = isUndoRunning(job.undoStatus);
  const [forecast, left, isWorkerAlive] = await Promise.all([
    refusal ? null : foretellUndo(db, job.id),
    job.undoStatus === null ? [] : listUndone(db, job.id, { limit: LEFT_SHOWN, leftOnly: true }),
    !running || isAnyWorkerAlive(db),
  ]);
  return { job, refusal, running, forecast, left, isWorkerAlive };
}

const forms = z.object({ intent: z.literal("undo") });

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const actor = requireActor(context);
  const { form } = await readForm(request);
  if (!forms.safeParse(Object.fromEntries(form)).success) throw unknownForm();
  const { id } = await findJob(db, params.jobId ?? "");
  await db.transaction().execute(async (trx) => {
    await audit(trx, {
      actor,
      requestId: context.get(requestIdContext),
      action: "import.undo",
      subject: `import:${id}`,
    });
    await requestUndo(trx, id, actor.name);
  });
  return { message: "The import is being undone." };
});

/** Before: what undoing removes and what it leaves. While it runs: how far it is. Afterwards: what came of it. */
export default function UndoPage() {
  const data = useLoaderData<typeof loader>();
  const { job, refusal, running, forecast, isWorkerAlive } = data;
  useLive(`/live?topic=import:${job.id}`);
  return (
    <Page
      title={`Undo ${job.fileName}`}
      back={{ to: `/imports/${job.id}`, label: "Import" }}
      meta={[
        <Status key="status" status={job.status} />,
        <>
          uploaded <Ago at={job.createdAt} />
          {job.uploadedBy ? ` by ${job.uploadedBy}` : ""}
        </>,
        job.catalogue === "builtin" ? null : `written to the remote catalogue at ${job.catalogue}`,
      ]}
      actions={
        <>
          <LinkButton
            to={`/imports/${job.id}/undo.csv`}
            icon={<IconDownload size={16} stroke={1.5} />}
            download
            disabledReason={job.hasLedger ? null : "What this import has written is not known"}
          >
            Download the list
          </LinkButton>
          {forecast ? <UndoButton forecast={forecast} again={job.undoStatus !== null} /> : null}
        </>
      }
    >
      {isWorkerAlive ? null : <NoWorker consequence="nothing is undone yet" />}
      {job.undoError ? <ErrorText message={job.undoError} code="UNDO_FAILED" /> : null}
      {job.undoStatus === null ? null : <UndoResult data={data} />}
      {forecast ? <Forecast forecast={forecast} job={job} /> : null}
      {refusal && !running && job.undoStatus === null ? <p>{refusal}.</p> : null}
    </Page>
  );
}
