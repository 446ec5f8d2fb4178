import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { ingestMovie } from "#app/works/ingest-movie.server.ts";
import { type Child, startChild } from "#tests/drills/child.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { filmDesk } from "#tests/works/film-desk.ts";

const desk = await filmDesk();
const { db, pool, sandbox, ctx } = desk;
const MATRIX = 603;
const PATIENCE_MS = 20_000;

const start = () =>
  startChild(["tests/works/ingest-child.ts", String(MATRIX)], {
    ...desk.environment,
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATABASE_URL: desk.url,
  });

const backends = async (state: string) => {
  const { rows } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and application_name = 'ingest child' and ${state}`,
  );
  return rows.length;
};

async function waitsForTmdb(): Promise<Child> {
  const hang = sandbox.control.addFault({ service: "tmdb", fault: { kind: "hang" } });
  const child = start();
  await pollUntil("the child asks TMDB", async () => desk.calls().length === 2, PATIENCE_MS);
  await child.end("SIGKILL");
  sandbox.control.clearFaults(hang);
  return child;
}

async function stores(): Promise<Child> {
  sandbox.control.editFilm({ id: MATRIX, fields: { runtime: 137, title: "Half written" } });
  const lock = await pool.connect();
  let child: Child;
  try {
    await lock.query("begin; select from works_meta for update");
    child = start();
    await pollUntil(
      "the child writes",
      async () => (await backends("wait_event_type = 'Lock'")) === 1,
      PATIENCE_MS,
    );
    await child.end("SIGKILL");
  } finally {
    await lock.query("rollback");
    lock.release();
  }
  // What it had written so far goes when PostgreSQL sees that nobody is there any more.
  await pollUntil("its session ends", async () => (await backends("true")) === 0, PATIENCE_MS);
  sandbox.control.clearFilmEdits();
  return child;
}

/** What happens by itself within a minute. */
async function leasesRunOut(): Promise<void> {
  await sql`update ingest_claims set lease_until = clock_timestamp()`.execute(db);
  await sql`update upstream_cache set fetching_until = clock_timestamp() where fetching_by is not null`.execute(
    db,
  );
}

describe("T-03 a process that is killed in the middle of an ingest", () => {
  beforeEach(() => sandbox.control.clearFilmEdits());

  it.each([
    ["while it waits for TMDB", waitsForTmdb],
    ["while it stores", stores],
  ])(
    "%s leaves what was known, and the next one completes the film",
    { timeout: 120_000 },
    async (_name, kill) => {
      await ingestMovie(ctx, MATRIX);
      const [before] = await desk.works();
      const { fetched_at, ...meta } = (await desk.meta(before!.work_id))!;
      await kill();

      const left = { ...before, ingestion_status: "ingesting", updated_at: expect.any(Date) };
      expect(await desk.works()).toEqual([left]);
      expect(await desk.meta(before!.work_id)).toEqual({ ...meta, fetched_at });
      expect(await ingestMovie(ctx, MATRIX, { fresh: true })).toEqual({ outcome: "busy" });

      await leasesRunOut();
      expect(await ingestMovie(ctx, MATRIX, { fresh: true })).toMatchObject({
        outcome: "stored",
        changes: [],
      });
      expect(await desk.works()).toMatchObject([
        { title: "The Matrix", ingestion_status: "complete", request_count: 2 },
      ]);
      expect(desk.calls()).toHaveLength(3);
    },
  );
});
