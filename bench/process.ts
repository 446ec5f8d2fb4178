import { sql } from "kysely";
import pg from "pg";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import { reason } from "#app/matching/reason.ts";
import { requestKey } from "#app/matching/resolution.ts";
import { titleKey } from "#app/matching/title.ts";
import { generatedFilms } from "#sandbox/titles/generated.ts";
import { openDrillDesk } from "#tests/drills/drill-desk.ts";
import { brokenInvariants } from "#tests/drills/invariants.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";
import { atLeast, type Figure, held, shown } from "./figure.ts";

const ROWS = 100_000;
const BATCH = 100;
const TIMEOUT_MS = 600_000;

/** One worker process over 100,000 rows whose titles and works are all known: matching, recording, counters. */
export async function measureProcessing(): Promise<Figure[]> {
  const server = await startRestartableServer();
  const databaseUrl = await server.createDatabase("process");
  const database = createDatabase(databaseUrl);
  const desk = await openDrillDesk({ db: database.db, databaseUrl, worker: "scripts/worker.ts" });
  try {
    await knowAllTitles(database.db);
    const jobId = await desk.takeIn(ROWS);
    const plainJobId = await desk.takeIn(ROWS);
    // The second import is only there to be written plainly; no worker may touch it.
    await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where key = ${`process_import:${plainJobId}`}))`.execute(
      database.db,
    );
    await sql`vacuum analyze`.execute(database.db);
    const plainMs = await writePlainly(databaseUrl, plainJobId);
    await sql`truncate viewings cascade`.execute(database.db);
    await sql`checkpoint`.execute(database.db);

    const worker = await desk.startWorker();
    const job = await desk.finished(jobId, TIMEOUT_MS);
    const ms = (job.completedAt?.getTime() ?? 0) - (job.startedAt?.getTime() ?? 0);
    const broken = await brokenInvariants(database.db, jobId);
    const calls = desk.sandbox.control.requests().length;
    await worker.end("SIGTERM");
    const plainRate = (ROWS / plainMs) * 1000;
    const rate = (ROWS / ms) * 1000;
    return [
      shown("reference: plain update and insert, batches of 100, one connection", plainRate, "rows/s"),
      atLeast("one worker process", rate, 3_000, "rows/s"),
      shown("one worker to the reference", rate / plainRate, "times", 2),
      held("upstream calls", calls === 0, String(calls)),
      held("invariants", broken.length === 0, broken.join("; ") || "hold"),
    ];
  } finally {
    await desk.close();
    await database.close();
    await server.close();
  }
}

/** Works and remembered matches of every film in the export, each with the candidate that a real search leaves behind. */
async function knowAllTitles(db: Db): Promise<void> {
  const batch: object[] = [];
  for (const film of generatedFilms(ROWS)) {
    const year = Number(film.released.slice(0, 4));
    const candidate = {
      tmdbId: film.id,
      mediaType: "movie",
      title: film.title,
      originalTitle: film.originalTitle,
      year,
      releaseDate: film.released,
      popularity: film.popularity,
      voteCount: film.voteCount,
      posterPath: "/poster.jpg",
      score: 1,
    };
    batch.push({
      match_key: requestKey(titleKey(film.title, year, null), {}, null),
      work_key: titleKey(film.title, year, "movie"),
      tmdb_id: film.id,
      imdb_id: film.imdbId,
      title: film.title,
      year,
      candidates: [candidate],
    });
    if (batch.length === 5_000) await knowTitles(db, batch.splice(0));
  }
  await knowTitles(db, batch);
}

async function knowTitles(db: Db, films: object[]): Promise<void> {
  const { code, text } = reason("title_and_year");
  await sql`
    with films as (
      select * from json_to_recordset(${JSON.stringify(films)}::json)
        as film (match_key text, work_key text, tmdb_id int, imdb_id text, title text, year int, candidates jsonb)
    ), stored as (
      insert into works (media_type, tmdb_id, imdb_id, title, title_key, year, ingestion_status)
      select 'movie', tmdb_id, imdb_id, title, work_key, year, 'complete' from films
    )
    insert into title_matches (title_key, media_type, tmdb_id, outcome, score, strategy, reason_code, reason, candidates, expires_at)
    select match_key, 'movie', tmdb_id, 'match', 1, 'exact', ${code}, ${text}, candidates, now() + interval '7 days' from films`.execute(
    db,
  );
}

/** The least that any design has to write: the rows' outcome and their viewings, nothing looked up, nothing guarded. */
async function writePlainly(databaseUrl: string, jobId: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows: works } = await client.query<{ row: number; work: string }>(
    `select row_number as row, works.work_id as work from import_rows
     join works on works.title = normalized_payload->>'title' where job_id = $1 order by row_number`,
    [jobId],
  );
  const started = performance.now();
  for (let from = 0; from < works.length; from += BATCH) {
    const batch = works.slice(from, from + BATCH);
    const parameters = [jobId, batch.map(({ row }) => row), batch.map(({ work }) => work)];
    await client.query("begin");
    await client.query(
      `insert into viewings (work_id, viewed_on, import_job_id, row_number)
       select work, (normalized_payload->>'date')::date, job_id, row_number
       from unnest($2::int[], $3::bigint[]) as given (row, work)
       join import_rows on job_id = $1 and row_number = row`,
      parameters,
    );
    await client.query(
      `update import_rows set status = 'success', work_id = work, target_record_id = work::text, updated_at = clock_timestamp()
       from unnest($2::int[], $3::bigint[]) as given (row, work) where job_id = $1 and row_number = row`,
      parameters,
    );
    await client.query("commit");
  }
  const ms = performance.now() - started;
  await client.end();
  return ms;
}
