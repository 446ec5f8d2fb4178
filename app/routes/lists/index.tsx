import { Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useLoaderData } from "react-router";
import { audit } from "#app/accounts/audit.server.ts";
import { countLists, listLists } from "#app/awards/lists/list-lists.server.ts";
import { listCategories } from "#app/awards/lists/list-source.ts";
import { addList } from "#app/awards/lists/lists.server.ts";
import { appContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { fieldOf, readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { ListFields } from "#app/routes/lists/lists/list-fields.tsx";
import { ListsTable } from "#app/routes/lists/lists/lists-table.tsx";
import { readListForm } from "#app/routes/lists/lists/read-list-form.ts";
import { listsTabs } from "#app/routes/lists/lists-tabs.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { Toolbar } from "#app/ui/toolbar.tsx";

const shows = ["lists", "events", "failed", "inactive"] as const;

export const loader = door(async ({ url }: LoaderFunctionArgs) => {
  const { db } = appContext();
  const show = shows.find((one) => one === url.searchParams.get("show")) ?? null;
  const category = listCategories.find((one) => one === url.searchParams.get("category")) ?? null;
  const search = url.searchParams.get("q")?.trim().slice(0, 200) || undefined;
  const sourceType =
    show === "lists" ? ("imdb" as const) : show === "events" ? ("imdb_event" as const) : undefined;
  const filter = {
    sourceType,
    category: category ?? undefined,
    active: show !== "inactive",
    hasFailed: show === "failed",
    search,
  };
  const [lists, counts] = await Promise.all([
    sharedRead(`lists ${JSON.stringify(filter)}`, () => listLists(db, filter)),
    sharedRead("lists counts", () => countLists(db)),
  ]);
  return {
    show,
    category,
    lists,
    counts,
    isFiltered: show !== null || category !== null || search !== undefined,
  };
});

/** Adds a list and leads to its page. */
export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { db } = appContext();
  const actor = requireActor(context);
  const { form } = await readForm(request);
  if (fieldOf(form, "intent") !== "add") throw unknownForm();
  const settings = readListForm(form);
  const key = await db.transaction().execute(async (trx) => {
    const added = await addList(trx, settings);
    await audit(trx, {
      actor,
      requestId: context.get(requestIdContext),
      action: "list.add",
      subject: `list:${added}`,
      details: { sourceId: settings.source.sourceId, fetchWay: settings.fetchWay },
    });
    return added;
  });
  throw redirect(`/lists/${key}`);
});

export default function Lists() {
  const { show, category, lists, counts, isFiltered } = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  return (
    <Page
      title="Lists & awards"
      tabs={listsTabs("lists")}
      meta={["IMDb lists and award events, imported page by page; their titles become works of the library"]}
      actions={
        <ConfirmButton
          fields={{ intent: "add" }}
          title="Add a list or an event"
          text={<ListFields />}
          confirmLabel="Add 1 list"
          tone="primary"
          icon={<IconPlus size={16} stroke={1.5} />}
        >
          Add list
        </ConfirmButton>
      }
    >
      <Toolbar search={<SearchField label="Search lists" />}>
        <Group gap="xs">
          <FilterChips
            label="Lists by kind"
            param="show"
            current={show}
            chips={[
              { value: "lists", label: counts.lists === 1 ? "list" : "lists", count: counts.lists },
              { value: "events", label: counts.events === 1 ? "event" : "events", count: counts.events },
              ...(counts.failed > 0 || show === "failed"
                ? [{ value: "failed", label: "failed", count: counts.failed, status: "failed" as const }]
                : []),
              { value: "inactive", label: "put aside", count: counts.inactive },
            ]}
          />
          <FilterChips
            label="Lists by category"
            param="category"
            current={category}
            chips={listCategories.map((one) => ({ value: one, label: one }))}
          />
        </Group>
      </Toolbar>
      <ListsTable
        lists={lists}
        empty={
          isFiltered ? (
            <EmptyState kind="match" title="No list matches" clearTo="?" />
          ) : (
            <EmptyState kind="yet" title="No lists yet">
              Add one by its address at IMDb, then import it.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
