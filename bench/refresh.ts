import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { addDueWorks, settled } from "#tests/drills/discovery-drills.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { atLeast, atMost, type Figure, held, shown } from "./figure.ts";
import { LIMIT, openLimitedDesk } from "./limited-desk.ts";
import { mostInAnyWindow } from "./most-in-any-window.ts";

const FOR_MS = 60_000;
/** Due works: more than the budget can refresh in that time. */
const DUE = 1_000;
/** Works that are neither due nor in the change feed. */
const FRESH = 1_000;
const FIRST_FRESH_ID = 10_500_000;

/** The daily refresh of 1,000 due films by two workers before one strict limit: how much of it they use, and on what. */
export async function measureRefresh(): Promise<Figure[]> {
  const { db, desk, close } = await openLimitedDesk("refresh");
  const tmdb = () => desk.sandbox.control.requests("tmdb");
  const films = () => tmdb().filter((request) => /^\/movie\/\d+$/.test(request.path));
  try {
    await addDueWorks(db, DUE);
    await addFreshWorks(db);
    await Promise.all([desk.startWorker(), desk.startWorker()]);
    await enqueue(db, "refresh_stale_works", {});
    const [first] = await pollUntil("TMDB is asked", async () => films().length > 0 && films(), FOR_MS);
    const from = first?.at ?? 0;
    await delay(FOR_MS);
    const requests = tmdb().filter((request) => from <= request.at && request.at < from + FOR_MS);
    const taken = requests.filter((request) => request.status !== 429).length;
    await settled(db, 1, FOR_MS);
    const fresh = films().filter((request) => Number(request.path.slice("/movie/".length)) >= FIRST_FRESH_ID);
    return [
      shown("requests in 60 s", requests.length, "requests"),
      atLeast("of the limit used", (100 * taken) / ((LIMIT.requests * FOR_MS) / LIMIT.perMs), 90, "%", 1),
      atMost(
        "most requests in any 10 s",
        mostInAnyWindow(
          tmdb().map((one) => one.at),
          LIMIT.perMs,
        ),
        LIMIT.requests,
        "requests",
        0,
      ),
      atMost("answers 429", requests.length - taken, 0, "answers", 0),
      atMost("calls for one film", mostPerFilm(films()), 1, "calls", 0),
      held(
        "works that are not due and not in the feed cost nothing",
        fresh.length === 0,
        `${fresh.length} calls`,
      ),
      ...(await planned(db)),
    ];
  } finally {
    await close();
  }
}

async function addFreshWorks(db: Db): Promise<void> {
  await sql`
    with film as (
      insert into works (media_type, tmdb_id, title, title_key, release_date, last_refreshed_at, last_refresh_result,
        ingestion_status)
      select 'movie', ${FIRST_FRESH_ID}::int + n, 'Fresh film ' || n, 'fresh film ' || n, '1999-03-31',
        clock_timestamp() - interval '3 days', 'stored', 'complete'
      from generate_series(0, ${FRESH - 1}::int) as n returning work_id
    )
    insert into works_meta (work_id, schema_version) select work_id, 4 from film`.execute(db);
}

function mostPerFilm(requests: { path: string }[]): number {
  const calls = new Map<string, number>();
  for (const { path } of requests) calls.set(path, (calls.get(path) ?? 0) + 1);
  return Math.max(...calls.values());
}

/** That exactly the due works were planned. */
async function planned(db: Db): Promise<Figure[]> {
  const { rows } = await sql<{ members: number }>`
    select count(*)::int as members from ingestion_members`.execute(db);
  const members = rows[0]?.members ?? 0;
  return [held("exactly the due works are planned", members === DUE, `${members} of ${DUE + FRESH}`)];
}
