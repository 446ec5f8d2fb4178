import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { feedStates } from "#app/discovery/refresh/feed-state.server.ts";
import { addDays } from "#app/discovery/refresh/feed-windows.ts";
import { coverage, freshnessCells } from "#app/discovery/refresh/freshness.server.ts";
import { listChanged } from "#app/discovery/refresh/list-changed.server.ts";
import { countDue, listDue, listFailing } from "#app/discovery/refresh/list-due.server.ts";
import { rulesInForce, saveRules } from "#app/discovery/refresh/rules.server.ts";
import { needs } from "#app/discovery/refresh/simulate.ts";
import { recomputeDueDates } from "#app/works/due-dates.server.ts";
import { refreshRules, SEED_RULES } from "#app/works/refresh-rules.ts";
import { AGE_TIERS } from "#app/works/staleness.ts";
import { addWork, discoveryDesk } from "#tests/discovery/discovery-desk.ts";
import { testDatabase } from "#tests/setup/database.ts";

const desk = await discoveryDesk(await testDatabase());
const { db } = desk;
const today = new Date().toISOString().slice(0, 10);

/** Works of every tier, refreshed between today and 39 days ago. */
async function mixedCatalogue(): Promise<void> {
  const ages = [-200, -10, 5, 25, 100, 300, 5_000, null];
  for (let index = 0; index < 40; index += 1) {
    const age = ages[index % ages.length] ?? null;
    const releaseDate = age === null ? null : addDays(today, -age);
    await addWork(db, { tmdbId: 1_000 + index, releaseDate, refreshedDaysAgo: index });
  }
  await recomputeDueDates(db);
}

async function allPages<T>(
  page: (cursor: string | undefined) => Promise<{ works: T[]; next: string | null }>,
) {
  const all: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const { works, next } = await page(cursor);
    all.push(...works);
    if (next === null) return all;
    cursor = next;
  }
}

describe("T-04 what is due, on screen", () => {
  it("is listed longest due first in pages, by reason and by tier, each work once", async () => {
    await mixedCatalogue();
    const due = await allPages((cursor) => listDue(db, {}, { limit: 3, cursor }, SEED_RULES));
    expect(due.map((one) => one.dueAt!.getTime())).toEqual(
      due.map((one) => one.dueAt!.getTime()).toSorted((a, b) => a - b),
    );
    expect(new Set(due.map((one) => one.workId)).size).toBe(due.length);
    expect(await countDue(db)).toEqual([{ reason: "age", works: due.length }]);
    const byTier = await Promise.all(
      AGE_TIERS.map((tier) => allPages((cursor) => listDue(db, { tier }, { limit: 2, cursor }, SEED_RULES))),
    );
    expect(byTier.flat()).toHaveLength(due.length);
    expect((await listDue(db, { reason: "changed" }, { limit: 5 }, SEED_RULES)).works).toEqual([]);
    const covered = await coverage(db, SEED_RULES);
    expect(covered.map((one) => one.tier)).toEqual([...AGE_TIERS]);
    expect(covered.map((one) => one.due)).toEqual(byTier.map((works) => works.length));
    expect(covered.reduce((sum, one) => sum + one.works, 0)).toBe(40);
    await expect(listDue(db, {}, { limit: 5, cursor: "x" }, SEED_RULES)).rejects.toMatchObject({
      code: "BAD_CURSOR",
    });
  });

  it("agrees with the simulator to the work, for today's rules and for others", async () => {
    await mixedCatalogue();
    const cells = await freshnessCells(db);
    const dueNow = (await allPages((cursor) => listDue(db, {}, { limit: 20, cursor }, SEED_RULES))).length;
    expect(needs(SEED_RULES, cells, 0)).toMatchObject({ calls: dueNow, overdue: dueNow });
    const others = { ...SEED_RULES, newEvery: 1, recentEvery: 3, olderEvery: 10, upcomingEvery: 20 };
    const simulated = needs(others, cells, 0);
    await saveRules(db, others, "test");
    await recomputeDueDates(db);
    expect((await allPages((cursor) => listDue(db, {}, { limit: 20, cursor }, others))).length).toBe(
      simulated.calls,
    );
    expect(await rulesInForce(db)).toMatchObject({ rules: others, changedBy: "test" });
  });

  it("needs no fewer calls with shorter waits, nor on a later day", () => {
    const cell = fc.record({
      releasedDaysAgo: fc.option(fc.integer({ min: -400, max: 4_000 })),
      refreshedDaysAgo: fc.integer({ min: 0, max: 366 }),
      works: fc.integer({ min: 1, max: 50 }),
      due: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(cell), fc.integer({ min: 0, max: 60 }), (cells, inDays) => {
        const now = needs(SEED_RULES, cells, inDays);
        expect(needs(SEED_RULES, cells, inDays + 1).calls).toBeGreaterThanOrEqual(now.calls);
        expect(
          needs({ ...SEED_RULES, olderEvery: 20, recentEvery: 5 }, cells, inDays).calls,
        ).toBeGreaterThanOrEqual(now.calls);
        expect(Object.values(now.byTier).reduce((sum, works) => sum + works, 0)).toBe(now.calls);
      }),
    );
  });

  it("refuses rules whose ages do not rise", () => {
    expect(refreshRules.safeParse({ ...SEED_RULES, recentDays: 20 }).success).toBe(false);
    expect(refreshRules.safeParse({ ...SEED_RULES, olderEvery: "45" }).data?.olderEvery).toBe(45);
  });

  it("lists what fails, with how long it waits", async () => {
    const workId = await addWork(db, { tmdbId: 603, refreshedDaysAgo: 40 });
    desk.sandbox.control.addFault({
      service: "tmdb",
      match: { path: "^/movie/603$" },
      fault: { kind: "html" },
    });
    await desk.refresh();
    await desk.drain("all");
    const { works } = await listFailing(db, { limit: 5 });
    expect(works).toMatchObject([
      { workId, failures: 1, lastResult: "failed", reason: "failed", isPlanned: false },
    ]);
    expect(works[0]?.lastError).toMatch(/^TMDB /);
  });
});

describe("T-05 the feed and what changed, on screen", () => {
  it("says how far behind the cursor is and what a gap still hides", async () => {
    const unread = { cursor: null, lagDays: null, gaps: [] };
    expect(await feedStates(db)).toMatchObject([unread, unread]);
    await addWork(db, { tmdbId: 603, refreshedDaysAgo: 35 });
    await addWork(db, { tmdbId: 604, refreshedDaysAgo: 1 });
    await db
      .insertInto("sync_state")
      .values({ sync_type: "daily_refresh", last_sync_cursor: addDays(today, -9) })
      .execute();
    await db
      .insertInto("feed_gaps")
      .values({ sync_type: "daily_refresh", gap_from: addDays(today, -40), gap_to: addDays(today, -20) })
      .execute();
    expect(await feedStates(db)).toMatchObject([
      { mediaType: "movie", lagDays: 9, gaps: [{ worksLeft: 1 }] },
      { mediaType: "tv", ...unread },
    ]);
  });

  it("lists what a refresh changed, field by field", async () => {
    const workId = await addWork(db, { tmdbId: 603, title: "Old title", refreshedDaysAgo: 40 });
    await desk.refresh();
    await desk.drain();
    const { works, next } = await listChanged(db, { limit: 5 });
    expect(next).toBeNull();
    expect(works).toMatchObject([{ workId, title: "The Matrix", source: "tmdb" }]);
    expect(works[0]?.fields).toContainEqual({ field: "title", before: "Old title", after: "The Matrix" });
    expect((await sql`select 1 from work_changes`.execute(db)).rows).toHaveLength(1);
  });
});
