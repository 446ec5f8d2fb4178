import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { type AliasCursor, countNewAliases, listAliases } from "#app/imports/review/aliases.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { runAliasAction } from "#app/routes/review/alias-actions.server.ts";
import { AliasTable } from "#app/routes/review/alias-table.tsx";
import { posterAddress } from "#app/routes/review/poster-address.ts";
import { reviewTabs } from "#app/routes/review/review-tabs.ts";
import { formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { Toolbar } from "#app/ui/toolbar.tsx";

const PAGE_SIZE = 50;
const LONGEST_SEARCH = 200;

export const loader = door(async ({ url }: LoaderFunctionArgs) => {
  const { db, config } = appContext();
  const search = url.searchParams.get("q")?.trim().slice(0, LONGEST_SEARCH) || null;
  const cursor = url.searchParams.get("cursor");
  const [page, newAliases] = await Promise.all([
    sharedRead(`aliases ${cursor} ${search}`, () =>
      listAliases(db, { limit: PAGE_SIZE, cursor: readCursor(cursor), search }),
    ),
    sharedRead("new aliases", () => countNewAliases(db)),
  ]);
  return {
    aliases: page.aliases.map((alias) => ({
      ...alias,
      poster: posterAddress(config, alias.found?.posterPath ?? null),
    })),
    next: page.next && `${page.next.decidedAt} ${page.next.key}`,
    search,
    newAliases,
  };
});

function readCursor(text: string | null): AliasCursor | null {
  const [, decidedAt, key] = /^(\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z) (.{1,300})$/s.exec(text ?? "") ?? [];
  return decidedAt === undefined || key === undefined || Number.isNaN(Date.parse(decidedAt))
    ? null
    : { decidedAt, key };
}

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const by = { actor: requireActor(context), requestId: context.get(requestIdContext) };
  return runAliasAction(appContext().db, by, form);
});

/** What operators have decided, and what it is used for. */
export default function Aliases() {
  const { aliases, next, search, newAliases } = useLoaderData<typeof loader>();
  useLive("/live?topic=imports");
  return (
    <Page
      title="Review"
      tabs={reviewTabs("aliases")}
      meta={[
        "A decision on a title is an alias, used for every row that asks for the same",
        newAliases > 0 ? `${formatQuantity(newAliases, "alias", "aliases")} learnt this month` : null,
      ]}
    >
      <Toolbar search={<SearchField label="Search titles" />}>{null}</Toolbar>
      <AliasTable aliases={aliases} isSearched={search !== null} />
      <KeysetPager label="Aliases" next={next} shown={aliases.length} />
    </Page>
  );
}
