import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { ImportBar } from "#app/routes/imports/import-bar.tsx";
import { DryRunNote } from "#app/routes/imports/show/dry-run-note.tsx";
import { Events } from "#app/routes/imports/show/events.tsx";
import { FailureGroups } from "#app/routes/imports/show/failure-groups.tsx";
import { HeaderActions } from "#app/routes/imports/show/header-actions.tsx";
import { runImportAction } from "#app/routes/imports/show/import-actions.server.ts";
import { type ImportPageJob, loadImport } from "#app/routes/imports/show/load-import.server.ts";
import { Options } from "#app/routes/imports/show/options.tsx";
import { PauseNotes } from "#app/routes/imports/show/pause-notes.tsx";
import { RowDrawer } from "#app/routes/imports/show/row-drawer.tsx";
import { Rows } from "#app/routes/imports/show/rows.tsx";
import { UndoNote } from "#app/routes/imports/show/undo-note.tsx";
import { readAnswer } from "#app/ui/action-answer.ts";
import { Ago } from "#app/ui/ago.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";
import { Status } from "#app/ui/status.tsx";

export const loader = door(({ params, url }: LoaderFunctionArgs) =>
  loadImport(appContext(), params.jobId ?? "", url.searchParams),
);

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const call = {
    db: appContext().db,
    jobId: params.jobId ?? "",
    actor: requireActor(context),
    requestId: context.get(requestIdContext),
  };
  return runImportAction(call, form);
});

const TABS = [
  { value: "rows", label: "Rows" },
  { value: "events", label: "Events" },
  { value: "options", label: "Options" },
] as const;

export default function ImportPage() {
  const { job, eta, heldUp, isWorkerAlive, pauses, view, groups, rows, events, options, detail } =
    useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  useLive(`/live?topic=import:${job.id}`);
  return (
    <Page
      title={job.fileName}
      state={job.failedRows > 0 ? `${job.failedRows} failed` : null}
      back={{ to: "/imports", label: "Imports" }}
      meta={metaOf(job)}
      actions={<HeaderActions job={job} isPaused={pauses.some(({ isOwn }) => isOwn)} />}
      tabs={{ current: view.tab, tabs: TABS }}
    >
      {job.dryRun ? <DryRunNote job={job} error={readAnswer(answer).error} /> : null}
      {isWorkerAlive ? null : <NoWorker consequence="this import waits" />}
      <PauseNotes pauses={pauses} />
      <UndoNote job={job} />
      {job.errorMessage ? <ErrorText message={job.errorMessage} code={job.errorCode} /> : null}
      <ImportBar job={job} eta={eta} heldUp={heldUp} />
      {rows ? <FailureGroups groups={groups} /> : null}
      {rows ? <Rows job={job} view={view} {...rows} /> : null}
      {events ? <Events events={events} /> : null}
      {options ? <Options job={job} options={options} /> : null}
      {rows ? <RowDrawer openRow={view.openRow} detail={detail} lines={rows.lines} job={job} /> : null}
    </Page>
  );
}

function metaOf(job: ImportPageJob) {
  return [
    <Status key="status" status={job.status} />,
    job.label,
    job.uploadedBy === null ? null : `by ${job.uploadedBy}`,
    job.startedAt ? (
      <>
        started <Ago at={job.startedAt} />
      </>
    ) : (
      <>
        uploaded <Ago at={job.createdAt} />
      </>
    ),
    job.isFinished && job.startedAt ? (
      <>
        took <Duration from={job.startedAt} to={job.completedAt} />
      </>
    ) : null,
  ];
}
