import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { untrueLines } from "#tests/discovery/discovery-desk.ts";
import {
  addDueWorks,
  catalogueOf,
  ended,
  expireClaims,
  jobsLeft,
  settled,
  startOver,
} from "#tests/drills/discovery-drills.ts";
import { openDrillDesk } from "#tests/drills/drill-desk.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { testDatabase } from "#tests/setup/database.ts";

const FILMS = 30;
const LIMIT_MS = 60_000;

const database = await testDatabase();
const { db } = database;
const desk = await openDrillDesk({
  db,
  databaseUrl: database.url,
  worker: "tests/drills/quick-worker.ts",
  env: { WORKER_CONCURRENCY: "4" },
});
afterAll(() => desk.close());
beforeEach(() => startOver(desk));

const start = {
  async discovery() {
    await enqueue(db, "discover_movies", { source: "all", maxMovies: FILMS });
  },
  async refresh() {
    await addDueWorks(db, FILMS);
    await enqueue(db, "refresh_stale_works", {});
  },
};

const wholes: Partial<Record<keyof typeof start, string[]>> = {};

/** What comes of it when nothing goes wrong. */
async function undisturbed(kind: keyof typeof start): Promise<string[]> {
  const known = wholes[kind];
  if (known) return known;
  const worker = await desk.startWorker();
  await start[kind]();
  await ended(db, LIMIT_MS);
  await worker.end("SIGTERM");
  const whole = await catalogueOf(db);
  expect(whole).toHaveLength(FILMS);
  wholes[kind] = whole;
  await startOver(desk);
  return whole;
}

/** Kills the worker at a moment, starts another, and waits for the end. */
async function disturbed(kind: keyof typeof start, moment: () => Promise<unknown>): Promise<string[]> {
  const victim = await desk.startWorker();
  await start[kind]();
  await moment();
  await victim.end("SIGKILL");
  await expireClaims(db);
  const heir = await desk.startWorker();
  const run = await ended(db, LIMIT_MS);
  await pollUntil("the queue is empty", async () => (await jobsLeft(db)) === 0, LIMIT_MS);
  await heir.end("SIGTERM");
  expect(run).toMatchObject({ status: "completed", movies_ingested: FILMS, movies_failed: 0 });
  expect(await untrueLines(db)).toEqual([]);
  return catalogueOf(db);
}

const pageRead = () =>
  pollUntil(
    "a list has been read",
    async () => desk.sandbox.control.requests("tmdb").length >= 2,
    LIMIT_MS,
    5,
  );

describe("T-02 T-05 a worker that dies by SIGKILL", () => {
  it.each([
    ["while it reads the lists", pageRead],
    ["among the first films", () => settled(db, 3, LIMIT_MS)],
    ["among the last films", () => settled(db, FILMS - 8, LIMIT_MS)],
  ] as const)(
    "in the middle of a discovery, %s, changes nothing of its end",
    { timeout: 120_000 },
    async (_when, moment) => {
      const whole = await undisturbed("discovery");
      expect(await disturbed("discovery", moment)).toEqual(whole);
    },
  );

  it.each([
    ["while it reads the feed", pageRead],
    ["among the works", () => settled(db, FILMS / 3, LIMIT_MS)],
  ] as const)(
    "in the middle of a refresh, %s, changes nothing of its end",
    { timeout: 120_000 },
    async (_when, moment) => {
      const whole = await undisturbed("refresh");
      expect(await disturbed("refresh", moment)).toEqual(whole);
      // The film in each dead hand may have been asked for twice; no other was.
      const films = desk.sandbox.control
        .requests("tmdb")
        .filter((request) => /^\/movie\/\d+$/.test(request.path));
      expect(films.length).toBeLessThanOrEqual(FILMS + 4);
    },
  );
});
