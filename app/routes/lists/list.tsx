import { Anchor } from "@mantine/core";
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { EntriesTable } from "#app/routes/lists/lists/entries-table.tsx";
import { ImportButton } from "#app/routes/lists/lists/import-button.tsx";
import { ImportsTable } from "#app/routes/lists/lists/imports-table.tsx";
import { runListAction, runUpload } from "#app/routes/lists/lists/list-actions.server.ts";
import { ListFields } from "#app/routes/lists/lists/list-fields.tsx";
import { type ListPageData, loadList } from "#app/routes/lists/lists/load-list.server.ts";
import { Progress } from "#app/routes/lists/lists/progress.tsx";
import { Quality } from "#app/routes/lists/lists/quality.tsx";
import { bringsFile, readFileForm } from "#app/routes/lists/lists/read-file-form.server.ts";
import { UploadButton } from "#app/routes/lists/lists/upload-button.tsx";
import { importStatus, sourceWords, stateWords } from "#app/routes/lists/words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";

export const loader = door(({ params, url }: LoaderFunctionArgs) =>
  loadList(appContext(), params.listKey ?? "", url.searchParams),
);

export const action = actionDoor(async ({ request, params, context }: ActionFunctionArgs) => {
  const { db, config } = appContext();
  const doing = { db, config, actor: requireActor(context), requestId: context.get(requestIdContext) };
  const listKey = params.listKey ?? "";
  if (bringsFile(request)) return runUpload(doing, listKey, await readFileForm(request));
  const { form } = await readForm(request);
  return runListAction(doing, listKey, form);
});

export default function ListPage() {
  const shown = useLoaderData<typeof loader>();
  const { list, imports, counts, entries, next, state, declared } = shown;
  useLive("/live?topic=console");
  const isList = list.sourceType === "imdb";
  return (
    <Page
      title={list.name}
      state={list.lastImportStatus === "failed" ? "import failed" : null}
      back={{ to: "/lists", label: "Lists" }}
      meta={metaOf(shown)}
      actions={<Actions {...shown} />}
    >
      {list.description ? <p>{list.description}</p> : null}
      <Progress {...shown} />
      {isList ? (
        <>
          <Quality
            found={counts.linked + counts.open + counts.unlinked}
            declared={declared}
            positions={shown.positions}
            unlinked={counts.unlinked}
            open={counts.open}
            isTmdbOn={shown.isTmdbOn}
          />
          <Section title="Titles">
            <FilterChips
              label="Titles by state"
              param="state"
              current={state}
              chips={(["linked", "open", "unlinked", "gone"] as const)
                .filter((one) => counts[one] > 0 || state === one)
                .map((one) => ({ value: one, ...stateWords[one], count: counts[one] }))}
            />
            <EntriesTable tracksAwards={list.tracksAwards} entries={entries} isFiltered={state !== null} />
            <KeysetPager label="Titles" next={next} shown={entries.length} />
          </Section>
        </>
      ) : null}
      <Section title="Imports">
        <ImportsTable imports={imports} />
      </Section>
    </Page>
  );
}

function metaOf({ list, organizationId }: ListPageData) {
  return [
    <Status key="status" {...importStatus(list.lastImportStatus)} />,
    list.active ? null : <Status key="active" status="paused" label="put aside" />,
    sourceWords[list.sourceType],
    list.category,
    <Anchor key="source" href={list.sourceUrl} target="_blank" rel="noopener noreferrer" inherit>
      {list.sourceId}
    </Anchor>,
    organizationId ? (
      <Anchor key="event" component={Link} to={`/lists/events/${organizationId}`} inherit>
        ceremonies
      </Anchor>
    ) : null,
    list.lastImportAt ? (
      <>
        last import <Ago at={list.lastImportAt} />
      </>
    ) : null,
    formatQuantity(list.totalImports, "import"),
  ];
}

function Actions({ list, imports, isWorkerAlive }: ListPageData) {
  const isList = list.sourceType === "imdb";
  const isRunning = imports[0]?.status === "running";
  return (
    <>
      <ConfirmButton
        fields={{ intent: "change" }}
        title="Settings of this list"
        text={<ListFields list={list} />}
        confirmLabel="Change 1 list"
      >
        Edit
      </ConfirmButton>
      <PostButton fields={{ intent: list.active ? "put-aside" : "take-up" }}>
        {list.active ? "Put aside" : "Take up again"}
      </PostButton>
      {isList && list.tracksAwards ? (
        <LinkButton to={`/lists/${list.sourceKey}/convert`}>Convert into event</LinkButton>
      ) : null}
      <UploadButton sourceType={list.sourceType} sourceUrl={list.sourceUrl} />
      {isRunning ? (
        <ConfirmButton
          fields={{ intent: "stop" }}
          title="Stop this import?"
          text="What is stored stays. Pages that are still to come are not stored any more."
          confirmLabel="Stop 1 import"
          confirmTone="danger"
        >
          Stop import
        </ConfirmButton>
      ) : null}
      <ImportButton
        sourceType={list.sourceType}
        years={list.years}
        disabledReason={whyNot({ list, isRunning, isWorkerAlive })}
      />
    </>
  );
}

function whyNot({
  list,
  isRunning,
  isWorkerAlive,
}: Pick<ListPageData, "list" | "isWorkerAlive"> & { isRunning: boolean }): string | null {
  if (!list.active) return "This list is put aside";
  if (isRunning) return "An import is under way";
  if (list.fetchWay === "upload") return "The pages of this list are uploaded";
  return isWorkerAlive ? null : "No worker is running";
}
