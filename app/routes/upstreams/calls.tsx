import { type LoaderFunctionArgs, useLoaderData, useLocation } from "react-router";
import { appContext } from "#app/context.server.ts";
import { door } from "#app/middleware/door.server.ts";
import { type CallsView, suggestCallWords } from "#app/routes/upstreams/calls-filter.ts";
import { CallsTable } from "#app/routes/upstreams/calls-table.tsx";
import { loadCalls } from "#app/routes/upstreams/load-calls.server.ts";
import { RANGE_WORDS } from "#app/routes/upstreams/range-words.ts";
import classes from "#app/routes/upstreams/upstreams.module.css";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { LookedBack } from "#app/ui/looked-back.tsx";
import { Page } from "#app/ui/page.tsx";
import { withSearch } from "#app/ui/search-params.ts";
import { TokenField } from "#app/ui/token-field.tsx";
import { CALL_RANGES } from "#app/upstreams/call-sums.ts";

export const loader = door(({ url }: LoaderFunctionArgs) => loadCalls(appContext(), url.searchParams));

type Data = Awaited<ReturnType<typeof loadCalls>>;

export default function Calls() {
  const data = useLoaderData<typeof loader>();
  const { view, services, known, calls, nextCursor, lookedBackTo } = data;
  useLive(data.isFirstPage ? "/live?topic=console" : null);
  return (
    <Page
      title="Upstream calls"
      back={{ to: "/upstreams", label: "Upstreams" }}
      meta={["Newest first, answers out of the cache included", "Kept for 90 days", searched(view)]}
    >
      <div className={classes.filters}>
        <FilterChips
          label="Calls by time"
          param="range"
          current={view.range === view.usualRange ? null : (view.range ?? "")}
          chips={CALL_RANGES.map((range) => ({
            value: range === view.usualRange ? null : range,
            label: RANGE_WORDS[range],
          }))}
        />
        <FilterChips
          label="Calls by what became of them"
          param="fate"
          current={view.fate ?? null}
          chips={[
            { value: "failed", label: "failed", status: "failed" },
            { value: "not-found", label: "not found", status: "pending" },
            { value: "cached", label: "from the cache", status: "skipped" },
          ]}
        />
        <FilterChips
          label="Calls by service"
          param="service"
          current={view.service ?? null}
          chips={services.map(({ service, label }) => ({ value: service, label }))}
        />
      </div>
      <TokenField
        label="Filter calls"
        placeholder="endpoint:/movie/{id}  error:TIMEOUT  task:refresh_work  job:17  from:2026-11-20T14:30"
        suggest={(typed) => suggestCallWords(typed, known)}
      />
      {view.problems.map((problem) => (
        <ErrorText key={problem} message={problem} announce />
      ))}
      <CallsTable calls={calls} empty={<NoCalls data={data} />} />
      {calls.length > 0 ? lookedBack(data) : null}
      {calls.length > 0 || !lookedBackTo ? (
        <KeysetPager label="Upstream calls" next={nextCursor} shown={calls.length} />
      ) : null}
    </Page>
  );
}

function searched({ range, words, problems }: CallsView) {
  if (problems.length > 0) return "Nothing is searched until the filter is understood";
  if (range) return `Searched: ${RANGE_WORDS[range]}${words.to ? `, up to ${words.to}` : ""}`;
  return `Searched: from ${words.from} ${words.to ? `to ${words.to}` : "on"} (UTC)`;
}

function lookedBack({ lookedBackTo, nextCursor, mostLookedAt }: Data) {
  if (lookedBackTo === null) return null;
  return <LookedBack count={mostLookedAt} noun="call" to={lookedBackTo} next={nextCursor} />;
}

function NoCalls({ data }: { data: Data }) {
  const { view, isNarrowed, hasAnyCall, lookedBackTo, isFirstPage } = data;
  const { search } = useLocation();
  if (view.problems.length > 0)
    return <EmptyState kind="match" title="The filter is not understood" clearTo="/upstreams/calls" />;
  if (lookedBackTo)
    return (
      <EmptyState kind="match" title="No call matches so far" clearTo="/upstreams/calls">
        {lookedBack(data)}
      </EmptyState>
    );
  if (!hasAnyCall)
    return (
      <EmptyState kind="yet" title="No call yet">
        Calls are written down here when imports look titles up, when works are refreshed, and when a
        connection is tested.
      </EmptyState>
    );
  if (isNarrowed || !isFirstPage || view.range === null)
    return (
      <EmptyState kind="match" title="No call matches these filters" clearTo="/upstreams/calls">
        {view.range && view.range !== "90d" ? `Searched: ${RANGE_WORDS[view.range]}.` : null}
      </EmptyState>
    );
  return (
    <EmptyState
      kind="yet"
      title={`No call in the ${RANGE_WORDS[view.range]}`}
      action={<LinkButton to={withSearch(search, { range: "90d" })}>Search all 90 days</LinkButton>}
    >
      Nothing was asked of any service.
    </EmptyState>
  );
}
