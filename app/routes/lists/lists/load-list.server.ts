import { listImports, waitingPages } from "#app/awards/imports/read-imports.server.ts";
import { entryStates, listEntries, readListState } from "#app/awards/lists/list-entries.server.ts";
import { findList } from "#app/awards/lists/lists.server.ts";
import { formatYears, yearsOfMetadata } from "#app/awards/lists/years.ts";
import { auditPositions } from "#app/awards/quality/audit-positions.ts";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";
import { isOn } from "#app/upstreams/services.ts";

const PAGE_SIZE = 100;

/** Everything that a list's page shows. @throws AppError LIST_NOT_FOUND (404) · BAD_CURSOR (400) */
export async function loadList(
  { db, config }: { db: Db; config: Config },
  listKey: string,
  search: URLSearchParams,
) {
  const state = entryStates.find((one) => one === search.get("state")) ?? null;
  const cursor = search.get("cursor") ?? undefined;
  const list = await sharedRead(`list ${listKey}`, () => findList(db, listKey));
  const [imports, found, page, isWorkerAlive, organizationId] = await Promise.all([
    sharedRead(`list imports ${list.id}`, () => listImports(db, list.id)),
    sharedRead(`list state ${list.id}`, () => readListState(db, list.id)),
    sharedRead(`list entries ${list.id} ${state} ${cursor}`, () =>
      listEntries(db, list.id, { state }, { limit: PAGE_SIZE, cursor }),
    ),
    sharedRead("queue:worker-alive", () => isAnyWorkerAlive(db)),
    list.sourceType === "imdb"
      ? null
      : sharedRead(`list event ${list.sourceId}`, () => eventOf(db, list.sourceId)),
  ]);
  const [last] = imports;
  const declared = imports.find((one) => one.pagesDone > 0)?.declared ?? null;
  return {
    list: { ...list, years: formatYears(yearsOfMetadata(list.metadata)) },
    imports,
    waiting:
      last?.status === "running"
        ? await sharedRead(`list waiting ${last.id}`, () => waitingPages(db, last.id))
        : [],
    counts: found.counts,
    declared,
    positions: auditPositions(found.positions, declared),
    state,
    ...page,
    isWorkerAlive,
    isTmdbOn: isOn("tmdb", config),
    organizationId,
  };
}

async function eventOf(db: Db, eventId: string): Promise<string | null> {
  const row = await db
    .selectFrom("festival_organizations")
    .select("id")
    .where("imdb_event_id", "=", eventId)
    .executeTakeFirst();
  return row?.id ?? null;
}

export type ListPageData = Awaited<ReturnType<typeof loadList>>;
