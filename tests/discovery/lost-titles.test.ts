import { describe, expect, it } from "vitest";
import { decideLost, type LostDecision } from "#app/discovery/lost/decide-lost.server.ts";
import { countLost, listLost } from "#app/discovery/lost/list-lost.server.ts";
import { refreshWork } from "#app/works/refresh-work.server.ts";
import { addWork, discoveryDesk } from "#tests/discovery/discovery-desk.ts";
import { testDatabase } from "#tests/setup/database.ts";

const desk = await discoveryDesk(await testDatabase());
const { db, sandbox } = desk;
const fresh = { db, config: desk.config, fresh: true };

const work = (workId: string) =>
  db.selectFrom("works").selectAll().where("work_id", "=", workId).executeTakeFirstOrThrow();
const decide = (lostId: string, decision: LostDecision) =>
  db.transaction().execute((trx) => decideLost(trx, lostId, decision, "operator@example.org"));

async function lostFilm(edit: { deleted: true } | { mergedInto: number } = { deleted: true }) {
  const workId = await addWork(db, { tmdbId: 680, title: "Pulp", refreshedDaysAgo: 40 });
  sandbox.control.editFilm({ id: 680, ...edit });
  await refreshWork(fresh, workId);
  const { titles } = await listLost(db, { limit: 10 });
  return { workId, lost: titles[0]! };
}

describe("T-05 films whose TMDB id is lost", () => {
  it("are listed with what TMDB answers instead, and are not asked about any more", async () => {
    const target = await addWork(db, { tmdbId: 603, title: "The Matrix", refreshedDaysAgo: 1 });
    const { workId, lost } = await lostFilm({ mergedInto: 603 });
    expect(lost).toMatchObject({
      workId,
      tmdbId: 680,
      kind: "merged",
      mergedInto: 603,
      mergedIntoWorkId: target,
      mergedIntoTitle: "The Matrix",
    });
    expect(await countLost(db)).toBe(1);
    expect(await work(workId)).toMatchObject({ due_at: null, due_reason: "lost", title: "Pulp" });
    await desk.refresh();
    await desk.drain();
    expect(desk.calls().films).toBe(1);
  });

  it("are series too: one that answers with another's body is not made one with it unasked", async () => {
    const kept = await addWork(db, { mediaType: "tv", tmdbId: 1399, title: "Kept", refreshedDaysAgo: 1 });
    const workId = await addWork(db, { mediaType: "tv", tmdbId: 1396, title: "Bad", refreshedDaysAgo: 40 });
    sandbox.control.editSeries({ id: 1396, mergedInto: 1399 });
    await desk.refresh();
    await desk.drain();
    const { titles } = await listLost(db, { limit: 10 });
    expect(titles).toMatchObject([{ workId, kind: "merged", mergedInto: 1399, mergedIntoWorkId: kept }]);
    expect(await work(workId)).toMatchObject({ title: "Bad", due_reason: "lost" });
  });

  it("can be kept as they are", async () => {
    const { workId, lost } = await lostFilm();
    await decide(lost.id, { kind: "keep" });
    expect(await work(workId)).toMatchObject({ tmdb_id: 680, due_at: null });
    expect(await countLost(db)).toBe(0);
    await expect(decide(lost.id, { kind: "remove_id" })).rejects.toMatchObject({ code: "ALREADY_DECIDED" });
  });

  it("can lose their id", async () => {
    const { workId, lost } = await lostFilm();
    await decide(lost.id, { kind: "remove_id" });
    expect(await work(workId)).toMatchObject({
      tmdb_id: null,
      due_reason: "no_tmdb_id",
      refresh_failures: 0,
    });
  });

  it("can be pointed at another id, and are refreshed from it at once", async () => {
    const { workId, lost } = await lostFilm();
    expect(await decide(lost.id, { kind: "point_at", tmdbId: 603 })).toEqual({ workId });
    await desk.drain();
    expect(await work(workId)).toMatchObject({ tmdb_id: 603, title: "The Matrix", due_reason: "age" });
  });

  it("become one with the work that has that id already", async () => {
    const target = await addWork(db, { tmdbId: 603, title: "The Matrix", refreshedDaysAgo: 1 });
    const { lost } = await lostFilm({ mergedInto: 603 });
    expect(await decide(lost.id, { kind: "point_at", tmdbId: 603 })).toEqual({ workId: target });
    expect((await desk.works()).map((one) => one.work_id)).toEqual([target]);
  });

  it("leave the list by themselves when TMDB knows them again, and come back when not", async () => {
    const { workId } = await lostFilm();
    sandbox.control.clearFilmEdits();
    await refreshWork(fresh, workId);
    expect(await countLost(db)).toBe(0);
    expect(await work(workId)).toMatchObject({ last_refresh_result: "stored", due_reason: "age" });
    sandbox.control.editFilm({ id: 680, deleted: true });
    await refreshWork(fresh, workId);
    expect(await countLost(db)).toBe(1);
  });

  it("are unknown when nobody has such a number", async () => {
    await expect(decide("12345", { kind: "keep" })).rejects.toMatchObject({ code: "LOST_TITLE_NOT_FOUND" });
  });
});
