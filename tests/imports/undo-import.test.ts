import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { RetryLater } from "#app/errors.ts";
import { retryRows } from "#app/imports/lifecycle.server.ts";
import { foretellUndo } from "#app/imports/undo/foretell-undo.server.ts";
import { requestUndo } from "#app/imports/undo/request-undo.server.ts";
import { undoImport } from "#app/imports/undo/undo-import.server.ts";
import { logger } from "#app/logger.server.ts";
import { changeMovieRecord, createMovieRecord } from "#app/works/movie-records.server.ts";
import { generatedFilm } from "#sandbox/titles/generated.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";
import { testConfig } from "#tests/setup/drain.ts";

const desk = await importDesk();

/** Lines of films that no other test has. */
const films = (first: number, count: number, day = "2024-03-01") =>
  Array.from({ length: count }, (_, offset) => {
    const { title, released } = generatedFilm(first + offset);
    return `${day},${title},${released.slice(0, 4)},u`;
  });

const request = (jobId: string) => desk.db.transaction().execute((trx) => requestUndo(trx, jobId, "anna"));

async function undo(jobId: string): Promise<void> {
  await request(jobId);
  await desk.drain();
}

const undoState = (jobId: string) =>
  desk.db
    .selectFrom("import_jobs")
    .select(["undo_status", "undo_total", "undo_removed", "undo_left", "status"])
    .where("id", "=", jobId)
    .executeTakeFirstOrThrow();

const ledger = (jobId: string) =>
  desk.db
    .selectFrom("import_changes")
    .select(["row_number", "kind", "undo_result", "undo_reason"])
    .where("job_id", "=", jobId)
    .orderBy("row_number")
    .orderBy("kind")
    .execute();

async function counts() {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*)::int from works) as works, (select count(*)::int from viewings) as viewings,
      (select count(*)::int from wishes) as wishes, (select count(*)::int from own_ratings) as ratings`.execute(
    desk.db,
  );
  return rows[0];
}

describe("I-16 undo an import", () => {
  it("removes what it created, and the same file can be imported again", async () => {
    const before = await counts();
    const file = watched(...films(500, 5), ...films(500, 2, "2024-05-05"));
    const job = await desk.run(file, { idempotencyKey: "once" });
    expect(job).toMatchObject({ status: "completed", successRows: 7 });
    expect(await foretellUndo(desk.db, job.id)).toMatchObject({
      removed: { viewing: 7, work: 5 },
      leftCount: 0,
    });

    await undo(job.id);
    expect(await undoState(job.id)).toEqual({
      undo_status: "completed",
      undo_total: 12,
      undo_removed: 12,
      undo_left: 0,
      status: "completed",
    });
    expect(await counts()).toEqual(before);
    await expect(request(job.id)).rejects.toMatchObject({ code: "CANNOT_UNDO" });
    await expect(
      desk.db.transaction().execute((trx) => retryRows(trx, job.id, { kind: "failed" })),
    ).rejects.toMatchObject({ code: "IMPORT_UNDONE" });

    const again = await desk.run(file, { idempotencyKey: "once" });
    expect(again.id).not.toBe(job.id);
    expect(again).toMatchObject({ status: "completed", successRows: 7 });
  });

  it("leaves what others touched since, each with its reason", async () => {
    const lines = films(520, 6);
    const first = await desk.run(watched(...lines));
    const [, said, moved, seen, asked] = first.rows.map(({ workId }) => workId ?? "");
    // Another import leaves its own first row out for what stands there.
    const second = await desk.run(watched(lines[0] ?? "", ...films(540, 1)));
    expect(second.rows[0]).toMatchObject({ status: "skipped", errorCode: "DUPLICATE_IN_CATALOGUE" });
    const records = await desk.db.selectFrom("viewings").select(["id", "work_id"]).execute();
    const viewingOf = (workId: string | undefined) =>
      records.find(({ work_id }) => work_id === workId)?.id ?? "";
    await desk.db.transaction().execute(async (trx) => {
      await changeMovieRecord(trx, viewingOf(said), { note: "Seen with A." });
      await changeMovieRecord(trx, viewingOf(moved), { viewingDate: "2024-03-02" });
      const { title, released } = generatedFilm(523);
      const input = { title, year: Number(released.slice(0, 4)), viewingDate: "2024-08-08" };
      await createMovieRecord(trx, input);
    });
    await desk.db
      .updateTable("works")
      .set({ changed_by_hand_at: new Date() })
      .where("work_id", "=", asked ?? "")
      .execute();

    const foretold = await foretellUndo(desk.db, first.id);
    await undo(first.id);
    expect(await ledger(first.id)).toEqual(
      [
        [1, "viewing", "left", "OTHER_IMPORT"],
        [1, "work", "left", "OTHER_IMPORT"],
        [2, "viewing", "left", "CHANGED"],
        [2, "work", "left", "CHANGED"],
        [3, "viewing", "left", "CHANGED"],
        [3, "work", "left", "CHANGED"],
        [4, "viewing", "removed", null],
        [4, "work", "left", "OTHERS_HANG_ON_IT"],
        [5, "viewing", "removed", null],
        [5, "work", "left", "CHANGED"],
        [6, "viewing", "removed", null],
        [6, "work", "removed", null],
      ].map(([row_number, kind, undo_result, undo_reason]) => ({
        row_number,
        kind,
        undo_result,
        undo_reason,
      })),
    );
    expect(foretold).toMatchObject({ removed: { viewing: 3, work: 1 }, leftCount: 8 });
    expect(await undoState(first.id)).toMatchObject({
      undo_status: "partial",
      undo_removed: 4,
      undo_left: 8,
    });
    expect(seen).not.toBe("");

    // Once the other import is undone too, nothing leans on the first row any more.
    await undo(second.id);
    await undo(first.id);
    expect((await ledger(first.id)).slice(0, 2)).toMatchObject([
      { undo_result: "removed" },
      { undo_result: "removed" },
    ]);
  });

  it("gives back the rating that one replaced, also when imports are undone in any order", async () => {
    const { title, released } = generatedFilm(560);
    const rated = (day: string, stars: string) =>
      `Date,Name,Year,Letterboxd URI,Rating\n${day},${title},${released.slice(0, 4)},u,${stars}\n`;
    const rating = async () =>
      (await desk.db.selectFrom("own_ratings").select("rating").execute()).map((row) => Number(row.rating));
    const jobs = [];
    for (const [day, stars] of [
      ["2024-01-01", "2"],
      ["2024-02-01", "3"],
      ["2024-03-01", "4"],
    ] as const)
      jobs.push((await desk.run(rated(day, stars), { fileName: "ratings.csv" })).id);
    const [one = "", two = "", three = ""] = jobs;
    expect(await rating()).toEqual([8]);
    await undo(two);
    expect(await rating()).toEqual([8]);
    await undo(three);
    expect(await rating()).toEqual([4]);
    await undo(one);
    expect(await rating()).toEqual([]);
  });

  it("ends the same when it is stopped after any batch", async () => {
    const before = await counts();
    const { title, released } = generatedFilm(600);
    const days = Array.from({ length: 450 }, (_, at) =>
      new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10),
    );
    const job = await desk.run(watched(...days.map((day) => `${day},${title},${released.slice(0, 4)},u`)));
    await request(job.id);
    const stop = new AbortController();
    // Stopped as soon as the first batch has been counted: the next one is not begun.
    const watch = setInterval(async () => {
      const { undo_removed } = await undoState(job.id);
      if (undo_removed > 0) stop.abort();
    }, 1);
    const context = { db: desk.db, config: testConfig(desk.env), logger, workerId: "w", signal: stop.signal };
    await undoImport({ ...context, isLastAttempt: false }, job.id).catch((error) =>
      expect(error).toBeInstanceOf(RetryLater),
    );
    clearInterval(watch);
    await desk.drain();
    expect(await undoState(job.id)).toMatchObject({
      undo_status: "completed",
      undo_total: 451,
      undo_removed: 451,
    });
    expect(await counts()).toEqual(before);
  });

  it("is refused for a dry run, a running import, and one from before the ledger", async () => {
    const dry = await desk.run(watched(...films(1_100, 1)), { dryRun: true });
    await expect(request(dry.id)).rejects.toMatchObject({ code: "CANNOT_UNDO" });
    const waiting = await desk.takeIn(watched(...films(1_101, 1)));
    await expect(request(waiting)).rejects.toMatchObject({
      userMessage: expect.stringContaining("still running"),
    });
    await desk.drain();
    await desk.db.updateTable("import_jobs").set({ has_ledger: false }).where("id", "=", waiting).execute();
    await expect(request(waiting)).rejects.toMatchObject({
      userMessage: expect.stringContaining("before imports kept what they write"),
    });
  });

  it("removes the films that it wrote to a remote catalogue", async () => {
    const { sandbox } = desk;
    const remote = { CATALOGUE_URL: sandbox.catalogueUrl, CATALOGUE_API_KEY: sandbox.keys.catalogue };
    const file = watched(...films(1_200, 3));
    const options = { catalogue: sandbox.catalogueUrl, env: remote };
    const job = await desk.run(file, options);
    expect(job).toMatchObject({ status: "completed", successRows: 3 });
    const records = async (): Promise<{ id: number; title: string }[]> =>
      (await fetch(`${sandbox.catalogueUrl}/movies`)).json();
    expect(await records()).toHaveLength(3);
    expect(await ledger(job.id)).toMatchObject(Array(3).fill({ kind: "remote_film" }));
    // One is taken away over there, behind our back.
    const [first] = await records();
    const path = `${sandbox.catalogueUrl}/movies/${first?.id}`;
    await fetch(path, { method: "DELETE", headers: { apikey: sandbox.keys.catalogue } });
    await request(job.id);
    await desk.drain(remote);
    expect(await undoState(job.id)).toMatchObject({
      undo_status: "completed",
      undo_removed: 3,
      undo_left: 0,
    });
    expect((await ledger(job.id)).map(({ undo_result }) => undo_result).toSorted()).toEqual([
      "gone",
      "removed",
      "removed",
    ]);
    expect(await records()).toEqual([]);
    expect(await desk.run(file, options)).toMatchObject({ status: "completed", successRows: 3 });
    expect(await records()).toHaveLength(3);
  });

  it("knows of every table that points at a work whether it goes with the work or keeps it", async () => {
    const { rows } = await sql<{ name: string }>`
      select distinct conrelid::regclass::text as name from pg_constraint
      where confrelid = 'works'::regclass order by 1`.execute(desk.db);
    const goWithIt = [
      "aggregates",
      "backfill_rows",
      "characters",
      "lost_titles",
      "quote_fetches",
      "rating_sources",
      "seasons",
      "similar_movies",
      "work_cards_cache",
      "work_changes",
      "work_images",
      "works_meta",
    ];
    // Each of these stands in `workVerdict`; `lost_titles` does too, once somebody has decided one.
    const keepIt = [
      "festival_nomination_titles",
      "festival_nominations",
      "list_entries",
      "own_ratings",
      "quotes",
      "viewings",
      "wishes",
    ];
    expect(rows.map(({ name }) => name)).toEqual([...goWithIt, ...keepIt].toSorted());
  });
});
