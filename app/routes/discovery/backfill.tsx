import { IconDownload } from "@tabler/icons-react";
import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { z } from "zod";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import {
  type BackfillRowStatus,
  type BackfillView,
  cancelBackfill,
  findBackfill,
  listBackfillRows,
  retryBackfill,
} from "#app/discovery/backfill/backfills.server.ts";
import { fieldList } from "#app/discovery/backfill/fields.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { RowsTable } from "#app/routes/discovery/backfills/rows-table.tsx";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
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
const statuses = ["success", "skipped", "failed", "pending"] as const;

const isStatus = (value: string | null): value is BackfillRowStatus =>
  statuses.some((status) => status === value);

export const loader = door(async ({ params, url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const id = params.backfillId ?? "";
  const wanted = url.searchParams.get("status");
  const status = isStatus(wanted) ? wanted : null;
  const after = Number(/^\d{1,9}$/.exec(url.searchParams.get("cursor") ?? "")?.[0] ?? 0);
  const backfill = await sharedRead(`backfill ${id}`, () => findBackfill(db, id));
  const rows = await sharedRead(`backfill rows ${id} ${status} ${after}`, () =>
    listBackfillRows(db, id, { ...(status ? { status } : {}), after, limit: PAGE_SIZE + 1 }),
  );
  return {
    backfill,
    isWorkerAlive: await workerAlive(db),
    status,
    rows: rows.slice(0, PAGE_SIZE),
    nextCursor: rows.length > PAGE_SIZE ? String(rows[PAGE_SIZE - 1]?.rowNumber) : null,
  };
});

const forms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("retry") }),
  z.object({ intent: z.literal("retry-row"), row: z.coerce.number().int().min(1).max(999_999_999) }),
  z.object({ intent: z.literal("cancel") }),
]);

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const actor = requireActor(context);
  const id = params.backfillId ?? "";
  const { form } = await readForm(request);
  const asked = forms.safeParse(Object.fromEntries(form));
  if (!asked.success) throw unknownForm();
  const { intent, ...details } = asked.data;
  const message = await db.transaction().execute(async (trx) => {
    await findBackfill(trx, id);
    await audit(trx, {
      actor,
      requestId: context.get(requestIdContext),
      action: `backfill.${intent.replaceAll("-", "_")}`,
      subject: `backfill:${id}`,
      details,
    });
    if (intent === "cancel") {
      const { successRows } = await cancelBackfill(trx, id);
      return `Cancelled. ${formatQuantity(successRows, "row")} stay filled.`;
    }
    const again = await retryBackfill(trx, id, "row" in details ? details.row : undefined);
    return `${formatQuantity(again, "row")} ${again === 1 ? "is" : "are"} tried again.`;
  });
  return { message };
});

export default function BackfillPage() {
  const { backfill, status, rows, nextCursor, isWorkerAlive } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const open = openRows(backfill);
  const counts = {
    success: backfill.successRows,
    skipped: backfill.skippedRows,
    failed: backfill.failedRows,
    pending: open,
  };
  const labels = { success: "filled", skipped: "nothing known", failed: "failed", pending: "not begun" };
  return (
    <Page
      title={`Backfill of ${fieldList(backfill.fields)}`}
      state={backfill.failedRows > 0 ? `${backfill.failedRows} failed` : null}
      back={{ to: "/discovery/backfills", label: "Backfills" }}
      meta={metaOf(backfill)}
      actions={<Actions backfill={backfill} />}
    >
      {isRunning(backfill) && !isWorkerAlive ? <NoWorker consequence="this backfill waits" /> : null}
      {backfill.errorMessage ? <ErrorText message={backfill.errorMessage} /> : null}
      <SegmentedBar
        label="Rows of this backfill"
        total={backfill.totalRows}
        segments={[
          { status: "success", count: backfill.successRows, label: "filled" },
          { status: "skipped", count: backfill.skippedRows, label: "nothing known" },
          { status: "failed", count: backfill.failedRows },
        ]}
      />
      <p>
        {formatCount(backfill.totalRows - open)} of {formatCount(backfill.totalRows)} (
        {formatPercent(backfill.totalRows - open, backfill.totalRows)})
      </p>
      <FilterChips
        label="Rows by status"
        param="status"
        current={status}
        chips={statuses
          .filter((one) => counts[one] > 0 || status === one)
          .map((one) => ({ value: one, label: labels[one], status: one, count: counts[one] }))}
      />
      <Section title="Rows">
        <RowsTable rows={rows} isFiltered={status !== null} />
        <KeysetPager label="Rows" next={nextCursor} shown={rows.length} />
      </Section>
    </Page>
  );
}

const openRows = (backfill: BackfillView): number =>
  backfill.totalRows - backfill.successRows - backfill.skippedRows - backfill.failedRows;

const isRunning = (backfill: BackfillView): boolean =>
  backfill.status === "queued" || backfill.status === "processing";

function metaOf(backfill: BackfillView) {
  return [
    <Status key="status" status={backfill.status} />,
    backfill.catalogue ? `into the remote catalogue at ${backfill.catalogue}` : "into the built-in catalogue",
    `by ${backfill.requestedBy}`,
    <>
      asked for <Ago at={backfill.createdAt} />
    </>,
    backfill.startedAt && backfill.completedAt ? (
      <>
        took <Duration from={backfill.startedAt} to={backfill.completedAt} />
      </>
    ) : null,
  ];
}

function Actions({ backfill }: { backfill: BackfillView }) {
  const { id, failedRows, status } = backfill;
  const again = status === "cancelled" ? failedRows + openRows(backfill) : failedRows;
  return (
    <>
      <LinkButton
        to={`/discovery/backfills/${id}/rows.csv`}
        icon={<IconDownload size={16} stroke={1.5} />}
        download
        disabledReason={backfill.totalRows === 0 ? "It has no rows, so there is nothing to export" : null}
      >
        Export rows
      </LinkButton>
      {isRunning(backfill) ? (
        <ConfirmButton
          fields={{ intent: "cancel" }}
          title="Cancel this backfill?"
          text={`It stops between two rows. ${formatQuantity(backfill.successRows, "row")} are filled and stay so.`}
          confirmLabel={`Leave out ${formatQuantity(openRows(backfill), "row")}`}
          confirmTone="danger"
        >
          Cancel
        </ConfirmButton>
      ) : null}
      <PostButton
        fields={{ intent: "retry" }}
        tone={again > 0 ? "primary" : "default"}
        disabledReason={again === 0 ? "No row has failed, so there is nothing to retry" : null}
      >
        {again === 0
          ? "Retry failed"
          : status === "cancelled"
            ? `Continue with ${formatQuantity(again, "row")}`
            : `Retry ${formatCount(again)} failed`}
      </PostButton>
    </>
  );
}
