import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { quoteStatuses, quoteStatusLabel } from "#app/quotes/quote-status.ts";
import { FilmsTable } from "#app/routes/quotes/films-table.tsx";
import { loadQuotes, type QuotesPageData } from "#app/routes/quotes/load-quotes.server.ts";
import { quoteTone } from "#app/routes/quotes/quote-state.tsx";
import { runQuotesAction } from "#app/routes/quotes/quotes-actions.server.ts";
import { RunsTable } from "#app/routes/quotes/runs-table.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page } from "#app/ui/page.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { Toolbar } from "#app/ui/toolbar.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadQuotes(appContext(), url.searchParams));

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { form } = await readForm(request);
  const actor = requireActor(context);
  return runQuotesAction({ ...appContext(), actor, requestId: context.get(requestIdContext) }, form);
});

export default function Quotes() {
  const shown = useLoaderData<typeof loader>();
  useLive("/live?topic=console");
  const { view, counts, off } = shown;
  const films = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <Page
      title="Quotes"
      state={counts.suspicious > 0 ? `${counts.suspicious} suspicious` : null}
      meta={[
        `${formatQuantity(films, "film")} with an IMDb id`,
        `${formatCount(counts.complete)} with quotes`,
        counts.pending > 0 ? `${formatCount(counts.pending)} waiting` : null,
      ]}
      tabs={{
        current: view.tab,
        tabs: [
          { value: "films", label: "Films" },
          { value: "runs", label: "Latest fetches" },
        ],
      }}
      actions={<FetchMany shown={shown} />}
    >
      {off ? <ErrorText message={off} /> : null}
      {!off && counts.pending > 0 && !shown.isWorkerAlive ? (
        <NoWorker consequence="no quotes are fetched" />
      ) : null}
      {view.tab === "runs" ? <RunsTable runs={shown.runs} /> : <Films shown={shown} />}
    </Page>
  );
}

function Films({ shown }: { shown: QuotesPageData }) {
  const { view, counts, films, next, off } = shown;
  return (
    <>
      <Toolbar search={<SearchField label="Search films" />}>
        <FilterChips
          label="Films by state of their quotes"
          param="state"
          current={view.status}
          chips={quoteStatuses.map((status) => ({
            value: status,
            label: quoteStatusLabel[status],
            status: quoteTone[status],
            count: counts[status],
          }))}
        />
      </Toolbar>
      <FilmsTable
        films={films}
        off={off}
        isFiltered={view.status !== null || view.search !== undefined || view.cursor !== undefined}
        isSuspicious={view.status === "suspicious" && view.search === undefined}
      />
      <KeysetPager label="Films" next={next} shown={films.length} />
    </>
  );
}

function FetchMany({ shown: { view, chosen, most, off } }: { shown: QuotesPageData }) {
  const films = formatQuantity(chosen, "film");
  const label = chosen > 0 ? `Fetch quotes of ${films}` : "Fetch quotes";
  const what = view.status
    ? `with the state “${quoteStatusLabel[view.status]}”`
    : "whose quotes were never fetched, or failed to be";
  return (
    <ConfirmButton
      fields={{ intent: "fetch-many", state: view.status ?? "", q: view.search ?? "" }}
      title={`Fetch quotes of ${films}?`}
      text={`They are films ${what}. One Tabstack request each, behind films that have just come in. ${
        chosen === most ? `The newest ${formatCount(most)} are taken; press again for the rest.` : ""
      }`}
      confirmLabel={label}
      tone="primary"
      disabledReason={off ?? (chosen === 0 ? whyNone(view.status) : null)}
    >
      {label}
    </ConfirmButton>
  );
}

const whyNone = (status: QuotesPageData["view"]["status"]): string =>
  status === "pending" ? "They wait already" : "No film waits to be chosen: every one was fetched or waits";
