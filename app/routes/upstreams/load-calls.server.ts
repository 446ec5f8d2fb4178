import type { AppContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { filterOf, isNarrowed, readCallsView } from "#app/routes/upstreams/calls-filter.ts";
import { hasAnyCall, listCalls, MOST_LOOKED_AT } from "#app/upstreams/call-log-queries.server.ts";
import { readCallKinds } from "#app/upstreams/call-sums.server.ts";
import { isService, SERVICES, serviceInfo } from "#app/upstreams/services.ts";

const PAGE_SIZE = 50;
/** What can be filtered by changes with a new version or a new kind of trouble. */
const KINDS_KEPT_MS = 60_000;

/** One page of the call log, and what it can be narrowed to. */
export async function loadCalls({ db }: Pick<AppContext, "db">, params: URLSearchParams) {
  const view = readCallsView(params);
  const cursor = params.get("cursor") ?? undefined;
  const [kinds, page] = await Promise.all([
    sharedRead("upstreams:call-kinds", () => readCallKinds(db), { keepMs: KINDS_KEPT_MS }),
    view.problems.length > 0
      ? { calls: [], nextCursor: null, lookedBackTo: null }
      : sharedRead(`upstreams:calls?${params}`, () =>
          listCalls(db, filterOf(view), { limit: PAGE_SIZE, cursor }),
        ),
  ]);
  const ofService = kinds.filter(({ service }) => !view.service || service === view.service);
  return {
    view,
    isNarrowed: isNarrowed(view),
    isFirstPage: cursor === undefined,
    hasAnyCall: kinds.length > 0 || page.calls.length > 0 || (await hasAnyCall(db)),
    known: {
      endpoints: distinct(ofService.map(({ endpoint }) => endpoint)),
      tasks: distinct(ofService.flatMap(({ task }) => task ?? [])),
      errors: distinct(ofService.map(({ outcome }) => outcome)).filter(
        (outcome) => outcome !== "OK" && outcome !== "NOT_FOUND",
      ),
    },
    services: SERVICES.map((service) => ({ service, label: serviceInfo(service).label })),
    mostLookedAt: MOST_LOOKED_AT,
    ...page,
    calls: page.calls.map((call) => ({
      ...call,
      label: isService(call.service) ? serviceInfo(call.service).label : call.service,
    })),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
