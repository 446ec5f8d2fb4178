import { sql } from "kysely";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import { listRows, listRowsAt } from "#app/imports/row-queries.server.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";
import { atMost, type Figure, held, median, shown } from "./figure.ts";

const ROWS = 1_000_000;
/** Every 20th row has failed, every 200th waits for review. */
const FAILED = ROWS / 20;
const REPEATS = 40;
const LIMIT = 50;
const MOST = 3;

/** Pages deep in an import of 1,000,000 rows against its first page. */
export async function measurePages(): Promise<Figure[]> {
  const server = await startRestartableServer();
  const database = createDatabase(await server.createDatabase("pages"));
  try {
    const jobId = await fillJob(database.db);
    return await compare(database.db, jobId);
  } finally {
    await database.close();
    await server.close();
  }
}

async function compare(db: Db, jobId: string): Promise<Figure[]> {
  const at = (offset: number, status?: "failed") => () =>
    listRowsAt(db, jobId, status ? { status } : {}, { limit: LIMIT, offset });
  const screen = (after: number | null, status?: "failed") => () =>
    listRows(db, jobId, status ? { status } : {}, {
      limit: LIMIT,
      cursor: after === null ? null : { part: status ? "attention" : "rest", after },
    });
  const pairs = [
    { what: "API, row 950,000", first: at(0), deep: at(950_000) },
    { what: "API, failed rows, offset 45,000", first: at(0, "failed"), deep: at(0.9 * FAILED, "failed") },
    { what: "screen, after row 950,000", first: screen(null), deep: screen(950_000) },
    {
      what: "screen, failed rows, after row 950,000",
      first: screen(null, "failed"),
      deep: screen(950_000, "failed"),
    },
  ];
  const figures: Figure[] = [];
  for (const { what, first, deep } of pairs) {
    const firstMs = await medianMs(first);
    const deepMs = await medianMs(deep);
    figures.push(shown(`${what}: first page`, firstMs, "ms", 2));
    figures.push(atMost(`${what}: to the first page`, deepMs / firstMs, MOST, "times"));
  }
  figures.push(...(await usesIndexes(db, [...pairs.flatMap(({ first, deep }) => [first, deep])])));
  return figures;
}

async function medianMs(page: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  // The first turns fill PostgreSQL's cache and warm up our own code.
  for (let turn = -5; turn < REPEATS; turn++) {
    const started = performance.now();
    await page();
    if (turn >= 0) times.push(performance.now() - started);
  }
  return median(times);
}

/** Counts whole-table reads while every page is read once more: PostgreSQL's own statistics, whatever the plan was. */
async function usesIndexes(db: Db, pages: (() => Promise<unknown>)[]): Promise<Figure[]> {
  const before = await sequentialScans(db);
  for (const page of pages) await page();
  const scans = (await sequentialScans(db)) - before;
  return [held("indexes are used by every page", scans === 0, `${scans} whole-table reads`)];
}

async function sequentialScans(db: Db): Promise<number> {
  // A backend reports its numbers when it comes to rest, at most once a second, unless it is told to.
  for (let turn = 0; turn < 10; turn++) await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ scans: string }>`
    select seq_scan as scans from pg_stat_user_tables where relname = 'import_rows'`.execute(db);
  return Number(rows[0]?.scans ?? 0);
}

async function fillJob(db: Db): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into import_jobs (type, source, format, file_name, file_bytes, file_sha256, parse_options, columns, total_rows)
    values ('movies', 'letterboxd', 'letterboxd-watched', 'million.csv', 1, '', '{}', '{Date,Name,Year}', ${ROWS})
    returning id`.execute(db);
  const jobId = rows[0]?.id ?? "";
  const step = 100_000;
  for (let from = 1; from <= ROWS; from += step)
    await sql`
      insert into import_rows (job_id, row_number, line_number, raw_payload, normalized_payload, status, error_code,
        error_message, title_key, dedupe_key, attempt_count)
      select ${jobId}::uuid, n, n + 1,
        jsonb_build_object('Date', '2024-02-08', 'Name', 'Quiet Harbor ' || n, 'Year', '1999', 'Letterboxd URI', 'https://boxd.it/' || n),
        jsonb_build_object('title', 'Quiet Harbor ' || n, 'date', '2024-02-08', 'yearHint', 1999, 'kind', null, 'intent', 'viewing'),
        case when n % 20 = 0 then 'failed' when n % 200 = 1 then 'review' else 'success' end,
        case when n % 20 = 0 then 'NO_MATCH' when n % 200 = 1 then 'REVIEW' end,
        case when n % 20 = 0 then 'The search found nothing.' end,
        'quiet harbor ' || n || '|1999|', 'quiet harbor ' || n || '|1999||2024-02-08|||1|viewing', 1
      from generate_series(${from}::int, ${from + step - 1}::int) as n`.execute(db);
  await sql`vacuum analyze import_rows`.execute(db);
  return jobId;
}
