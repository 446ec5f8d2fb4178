import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import {
  listMismatches,
  type MismatchCursor,
  MOST_MISMATCHED_ROWS,
} from "#app/imports/review/mismatches.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { runMismatchAction } from "#app/routes/review/mismatch-actions.server.ts";
import { MismatchTable } from "#app/routes/review/mismatch-table.tsx";
import { reviewTabs } from "#app/routes/review/review-tabs.ts";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";

const PAGE_SIZE = 50;
/** Added up from all mismatched rows: not twice a second while an import runs. A decision made here is seen at once. */
const LIST_KEPT_MS = 2_000;

export const loader = door(async ({ url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const cursor = url.searchParams.get("cursor");
  const { next, ...list } = await sharedRead(
    `mismatches ${cursor}`,
    () => listMismatches(db, { limit: PAGE_SIZE, cursor: readCursor(cursor) }),
    { keepMs: LIST_KEPT_MS },
  );
  return { ...list, next: next && `${next.rows}.${next.key}`, mostRows: MOST_MISMATCHED_ROWS };
});

function readCursor(text: string | null): MismatchCursor | null {
  const [, rows, key] = /^(\d{1,9})\.(.{1,300})$/s.exec(text ?? "") ?? [];
  return key === undefined ? null : { rows: Number(rows), key };
}

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const by = { actor: requireActor(context), requestId: context.get(requestIdContext) };
  return runMismatchAction(appContext().db, by, form);
});

/** What was accepted by itself although it is not called what the rows say. */
export default function Mismatches() {
  const { mismatches, total, isBounded, mostRows, next } = useLoaderData<typeof loader>();
  useLive("/live?topic=imports");
  return (
    <Page
      title="Review"
      tabs={reviewTabs("mismatches")}
      meta={[
        "Titles that were accepted by themselves although their name or year is not the row's",
        total > 0 ? formatQuantity(total, "title") : null,
        isBounded ? `there are more: these are of the first ${formatCount(mostRows)} rows, by name` : null,
      ]}
    >
      <MismatchTable mismatches={mismatches} />
      <KeysetPager label="Mismatches" next={next} shown={mismatches.length} />
    </Page>
  );
}
