import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { z } from "zod";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { decideLost } from "#app/discovery/lost/decide-lost.server.ts";
import { listLost } from "#app/discovery/lost/list-lost.server.ts";
import { AppError } from "#app/errors.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { discoveryTabs } from "#app/routes/discovery/discovery-tabs.ts";
import { LostTable } from "#app/routes/discovery/lost/lost-table.tsx";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";

const PAGE_SIZE = 50;

export const loader = door(({ url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const before = /^\d{1,18}$/.exec(url.searchParams.get("cursor") ?? "")?.[0];
  return sharedRead(`lost ${before}`, () => listLost(db, { limit: PAGE_SIZE, before }));
});

const lostId = z.string().regex(/^\d{1,18}$/);
const forms = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("keep"), lostId }),
  z.object({ kind: z.literal("remove_id"), lostId }),
  z.object({
    kind: z.literal("point_at"),
    lostId,
    tmdbId: z.coerce.number().int().min(1).max(2_147_483_647),
  }),
]);

const DONE = {
  keep: "It stays as it is, and TMDB is not asked about it any more.",
  remove_id: "Its TMDB id is removed.",
  point_at: "It has its new TMDB id and is fetched anew.",
} as const;

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const actor = requireActor(context);
  const { form } = await readForm(request);
  const asked = forms.safeParse(Object.fromEntries(form));
  if (!asked.success)
    throw new AppError(
      "BAD_DECISION",
      422,
      "A TMDB id is a whole number, such as 603. Correct it and decide again.",
    );
  const { lostId: id, ...decision } = asked.data;
  await db.transaction().execute(async (trx) => {
    const { workId } = await decideLost(trx, id, decision, actor.name);
    await audit(trx, {
      actor,
      requestId: context.get(requestIdContext),
      action: `lost_title.${decision.kind}`,
      subject: `work:${workId}`,
      details: decision,
    });
  });
  return { message: DONE[decision.kind] };
});

export default function Lost() {
  const { titles, next } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  return (
    <Page
      title="Discovery"
      state={titles.length > 0 ? `${titles.length} lost` : null}
      tabs={discoveryTabs("lost")}
      meta={[
        "Works whose TMDB id was deleted or merged; what is known of them is kept until somebody decides",
      ]}
    >
      <LostTable titles={titles} />
      <KeysetPager label="Lost titles" next={next} shown={titles.length} />
    </Page>
  );
}
