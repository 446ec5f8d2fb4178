import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { takeIn } from "#app/imports/intake.server.ts";
import { forgetSharedReads } from "#app/live/shared-reads.server.ts";
import { fetchAgain, fetchMany } from "#app/quotes/ask-again.server.ts";
import { countByStatus, listFilms } from "#app/quotes/films.server.ts";
import { loadQuotes } from "#app/routes/quotes/load-quotes.server.ts";
import { runQuotesAction } from "#app/routes/quotes/quotes-actions.server.ts";
import { statisticsWords } from "#app/routes/quotes/statistics-words.ts";
import { createMovieRecord } from "#app/works/movie-records.server.ts";
import { LONG, NONE, quoteDesk, ZOO } from "#tests/quotes/quote-desk.ts";

const desk = await quoteDesk();
const { db } = desk;

const inTransaction = <T>(deed: (trx: typeof db) => Promise<T>) =>
  db.transaction().execute((trx) => deed(trx));
const OFF = { TABSTACK_TOKEN: "" };
const waiting = async () => (await countByStatus(db)).pending;

describe("Q-03 films that come in", () => {
  it.each([
    [
      "an import",
      async () => {
        const text = "Date,Name,Year,Letterboxd URI\n2024-01-02,The Matrix,1999,\n";
        await inTransaction((trx) =>
          takeIn(
            trx,
            { bytes: new TextEncoder().encode(text), fileName: "watched.csv" },
            {
              type: "movies",
              dryRun: false,
              skipDuplicates: true,
              parseOptions: {},
              uploadedBy: "test",
              idempotencyKey: null,
              catalogue: "builtin",
            },
          ),
        );
        await desk.drain(OFF);
      },
    ],
    [
      "an ingest",
      async () => {
        await sql`select graphile_worker.add_job('ingest_movie', '{"tmdbId": 603}')`.execute(db);
        await desk.drain(OFF);
      },
    ],
    [
      "the machine API",
      () => inTransaction((trx) => createMovieRecord(trx, { title: "The Matrix", imdbId: ZOO })),
    ],
    ["anybody's SQL", () => desk.addFilm(ZOO)],
    [
      "an id that a film gets later",
      async () => {
        const workId = await desk.addFilm(null);
        expect(await waiting()).toBe(0);
        await db.updateTable("works").set({ imdb_id: ZOO }).where("work_id", "=", workId).execute();
      },
    ],
  ])("by %s wait for their quotes, and are queued once", async (_way, comeIn) => {
    await comeIn();
    expect(await waiting()).toBe(1);
    expect([await desk.sweep(), await desk.sweep()]).toEqual([1, 0]);
    expect(await desk.jobs()).toMatchObject([{ key: expect.stringMatching(/^fetch_imdb_quotes:\d+$/) }]);
    await desk.drain();
    expect(desk.calls()).toBe(1);
    expect(await countByStatus(db)).toMatchObject({ pending: 0, complete: 1 });
  });

  it("are left alone when they are series, or when other things change", async () => {
    await desk.addFilm("tt0903747", "tv");
    const workId = await desk.addFilm(ZOO);
    await desk.sweep();
    await desk.drain();
    await db
      .updateTable("works")
      .set({ title: "Another name", imdb_id: ZOO })
      .where("work_id", "=", workId)
      .execute();
    expect(await desk.sweep()).toBe(0);
  });

  it("are asked about anew when their IMDb id is corrected, and not at all when it is taken away", async () => {
    const workId = await desk.addFilm(ZOO);
    await desk.fetch(workId);
    await db.updateTable("works").set({ imdb_id: NONE }).where("work_id", "=", workId).execute();
    expect(await waiting()).toBe(1);
    await desk.sweep();
    await desk.drain();
    // What the other title had says nothing about this one.
    expect(await desk.state(workId)).toMatchObject({ status: "none" });
    await db.updateTable("works").set({ imdb_id: null }).where("work_id", "=", workId).execute();
    expect(await desk.state(workId)).toBeUndefined();
  });

  it("wait while Tabstack is off, and are caught up when it is on", async () => {
    await desk.addFilm(ZOO);
    expect(await desk.sweep(OFF)).toBe(0);
    expect([await waiting(), await desk.jobs()]).toEqual([1, []]);
    expect(await desk.sweep()).toBe(1);
  });

  it("are queued no further than the budget reaches, each at its turn", async () => {
    for (let at = 0; at < 40; at += 1) await desk.addFilm(`tt${1_000_000 + at}`);
    expect(await desk.sweep({ TABSTACK_RATE_LIMIT: "10/60s" })).toBe(20);
    expect(await desk.sweep({ TABSTACK_RATE_LIMIT: "10/60s" })).toBe(0);
    const { rows } = await sql<{ seconds: number }>`
      select extract(epoch from max(run_at) - min(run_at))::float8 as seconds from graphile_worker.jobs`.execute(
      db,
    );
    expect(rows[0]!.seconds).toBeGreaterThan(100);
  });
});

describe("Q-03 existing films", () => {
  it("are queued in bulk behind those that come in, as far as they are chosen", async () => {
    for (const imdbId of [ZOO, LONG, NONE]) await desk.addFilm(imdbId);
    await sql`update quote_fetches set status = 'unasked', due_at = null`.execute(db);
    const many = await inTransaction((trx) =>
      fetchMany(trx, desk.config, { statuses: ["unasked", "failed"] }),
    );
    expect(many).toBe(3);
    await desk.addFilm("tt0111161");
    expect(await desk.sweep()).toBe(4);
    expect((await desk.jobs()).map(({ priority }) => priority)).toEqual([10, 30, 30, 30]);
    await desk.drain();
    expect(await countByStatus(db)).toMatchObject({ unasked: 0, pending: 0 });
    expect(
      await inTransaction((trx) => fetchMany(trx, desk.config, { statuses: ["unasked", "failed"] })),
    ).toBe(0);
  });

  it("are refused, with how to turn it on, while Tabstack is off", async () => {
    const workId = await desk.addFilm(ZOO);
    const off = { ...desk.config, TABSTACK_TOKEN: undefined };
    const refused = { code: "UPSTREAM_OFF", userMessage: expect.stringContaining("TABSTACK_TOKEN") };
    await expect(inTransaction((trx) => fetchAgain(trx, off, workId))).rejects.toMatchObject(refused);
    await expect(inTransaction((trx) => fetchMany(trx, off, {}))).rejects.toMatchObject(refused);
  });

  it("whose job somebody discarded are not fetched, and those whose job was given up have failed", async () => {
    const [discarded, lost] = [await desk.addFilm(ZOO), await desk.addFilm(LONG)];
    await desk.sweep();
    await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where key like ${`%:${discarded}`}))`.execute(
      db,
    );
    await sql`select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs), 'worker killed')`.execute(
      db,
    );
    await desk.sweep();
    expect(await desk.state(discarded)).toMatchObject({ status: "unasked", due_at: null });
    expect(await desk.state(lost)).toMatchObject({ status: "failed", error_message: "worker killed" });
  });

  it("are listed by state and by name, page by page", async () => {
    const ids = [await desk.addFilm(ZOO), await desk.addFilm(LONG), await desk.addFilm(NONE)];
    const first = await listFilms(db, {}, { limit: 2 });
    expect(first.films.map(({ workId }) => workId)).toEqual([ids[2], ids[1]]);
    const { films } = await listFilms(db, {}, { limit: 2, before: first.next ?? undefined });
    expect(films).toMatchObject([{ workId: ids[0], status: "pending", isWaiting: true, quotes: 0 }]);
    expect((await listFilms(db, { statuses: ["complete"] }, { limit: 2 })).films).toEqual([]);
    expect((await listFilms(db, { search: "nothing like it" }, { limit: 2 })).films).toEqual([]);
  });
});

describe("Q-03, Q-06, Q-07 the page of quotes", () => {
  const open = (query: string, config = desk.config) => {
    forgetSharedReads();
    return loadQuotes({ db, config }, new URLSearchParams(query));
  };
  const press = (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const actor = systemActor("me");
    return runQuotesAction({ db, config: desk.config, actor, requestId: "r" }, form);
  };

  it("shows films by the state and the search of its address, and what its button is about", async () => {
    const [film, other] = [await desk.addFilm(ZOO), await desk.addFilm(NONE)];
    await db.updateTable("quote_fetches").set({ status: "failed", due_at: null }).execute();
    await db.updateTable("works").set({ search_text: "the matrix" }).where("work_id", "=", film).execute();
    expect(await open("")).toMatchObject({
      chosen: 2,
      counts: { failed: 2 },
      off: null,
      isWorkerAlive: false,
    });
    expect((await open("q=matr")).films.map(({ workId }) => workId)).toEqual([film]);
    expect(await open("q=matr&state=complete")).toMatchObject({ films: [], chosen: 0 });
    expect(await open(`cursor=${other}&state=failed`)).toMatchObject({ films: [{ workId: film }] });
    expect((await open("", { ...desk.config, TABSTACK_TOKEN: undefined })).off).toContain("TABSTACK_TOKEN");

    const many = { intent: "fetch-many", state: "", q: "matr" };
    expect(await press(many)).toEqual({ message: "1 film waits for quotes now." });
    expect(await press({ intent: "fetch-one", work: other })).toMatchObject({
      message: "Its quotes are on their way.",
    });
    expect(await waiting()).toBe(2);
    await expect(press({ intent: "accept-none", work: film })).rejects.toMatchObject({
      code: "NOT_SUSPICIOUS",
    });
    await expect(press({ intent: "else" })).rejects.toMatchObject({ code: "UNKNOWN_INTENT" });
    const deeds = await db
      .selectFrom("audit_log")
      .select(["action", "subject", "details"])
      .orderBy("id")
      .execute();
    expect(deeds).toMatchObject([
      { action: "quotes.fetch_many", details: { films: 1 } },
      { action: "quotes.fetch", subject: `work:${other}` },
    ]);
  });

  it("shows the latest fetches with what they did", async () => {
    const workId = await desk.addFilm(ZOO);
    await desk.fetch(workId);
    const { runs } = await open("tab=runs");
    expect(runs).toMatchObject([{ workId, outcome: "completed", statistics: { quotesImported: 5 } }]);
    expect(statisticsWords(runs[0]!.statistics)).toBe("5 new · 2 skipped · 2 new characters");
  });
});
