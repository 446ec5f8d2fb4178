import { type ActionFunctionArgs, useLoaderData } from "react-router";
import { z } from "zod";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { runScheduleNow } from "#app/queue/schedules.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { readSchedules } from "#app/routes/schedules/read-schedules.server.ts";
import { scheduleColumns } from "#app/routes/schedules/schedule-columns.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";

export const loader = door(async () => {
  const { db } = appContext();
  const [read, isWorkerAlive] = await Promise.all([readSchedules(db), workerAlive(db)]);
  return { ...read, isWorkerAlive };
});

const runNow = z.object({ intent: z.literal("run-schedule"), schedule: z.string().min(1).max(128) });

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const actor = requireActor(context);
  const { form } = await readForm(request);
  const asked = runNow.safeParse(Object.fromEntries(form));
  if (!asked.success) throw unknownForm();
  const id = asked.data.schedule;
  const requestId = context.get(requestIdContext);
  const { label } = await appContext()
    .db.transaction()
    .execute(async (trx) => {
      const run = await runScheduleNow(trx, id);
      await audit(trx, { actor, requestId, action: "schedule.run", subject: `schedule:${id}` });
      return run;
    });
  return { message: `${label} is queued and starts as soon as a worker is free.` };
});

export default function Schedules() {
  const { schedules, problem, isWorkerAlive } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const overdue = schedules.filter(({ state }) => state === "overdue").length;
  return (
    <Page
      title="Schedules"
      state={overdue > 0 ? `${overdue} overdue` : null}
      meta={["What runs by itself, from the file crontab", "Times are UTC"]}
    >
      {isWorkerAlive ? null : <NoWorker consequence="nothing runs by itself" />}
      {problem === null ? null : <ErrorText message={problem} code="CRONTAB_UNREADABLE" />}
      <DataTable
        label="Schedules"
        columns={scheduleColumns}
        rows={schedules}
        rowId={({ id }) => id}
        empty={
          problem === null ? (
            <EmptyState kind="yet" title="Nothing runs by itself">
              The file <code>crontab</code> has no lines. Each line says when which task is to run.
            </EmptyState>
          ) : null
        }
      />
    </Page>
  );
}
