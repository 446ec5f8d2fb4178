import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { listAliases } from "#app/imports/review/aliases.server.ts";
import { decideTitle } from "#app/imports/review/decide-title.server.ts";
import { listWrittenRows } from "#app/imports/review/decisions.server.ts";
import {
  countDoubtfulTitles,
  listDoubtfulTitles,
  listWaitingRows,
} from "#app/imports/review/doubtful-titles.server.ts";
import { revokeAlias, undoDecision } from "#app/imports/review/take-back.server.ts";
import { requestKey } from "#app/matching/resolution.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const { db } = desk;
const trx = () => db.transaction();
const solaris = { mediaType: "movie" as const, tmdbId: 593 };
const SOLARIS = "solaris||";
const CINDERELLA = "cinderella||";
const first = { limit: 50, cursor: null };
const aliases = async () => (await listAliases(db, { limit: 50, cursor: null, search: null })).aliases;

describe("M-03 doubtful titles", () => {
  it("stand once each, what ends an import first, then by the rows that one decision settles", async () => {
    // Two rows of Cinderella beside a failure, one of Solaris that is all an import waits for.
    const mixed = await desk.run(
      watched("2024-01-01,Cinderella,,u", "2024-01-02,Cinderella,,u", "2024-01-03,Xyzzy Nothing,1901,u"),
    );
    expect(mixed).toMatchObject({ status: "partial", reviewRows: 2, failedRows: 1 });
    const last = await desk.run(watched("2024-01-01,Solaris,,u"));
    const list = await listDoubtfulTitles(db, first);
    expect(list).toMatchObject({ total: 2, totalRows: 3, isBounded: false, next: null });
    expect(list.titles).toMatchObject([
      { key: SOLARIS, title: "Solaris", kind: null, rows: 1, imports: 1, isLast: true },
      { key: CINDERELLA, title: "Cinderella", rows: 2, imports: 1, isLast: false },
    ]);
    expect(await countDoubtfulTitles(db)).toBe(2);
    expect(await listWaitingRows(db, SOLARIS, 5)).toMatchObject([
      { jobId: last.id, lineNumber: 2, rowNumber: 1 },
    ]);
  });

  it("are paged by their place in that order, and say how many there are on every page", async () => {
    const one = await listDoubtfulTitles(db, { limit: 1, cursor: null });
    expect(one.titles.map(({ key }) => key)).toEqual([SOLARIS]);
    const two = await listDoubtfulTitles(db, { limit: 1, cursor: one.next });
    expect(two).toMatchObject({ total: 2, next: null });
    expect(two.titles.map(({ key }) => key)).toEqual([CINDERELLA]);
    const beyond = await listDoubtfulTitles(db, { limit: 1, cursor: { isLast: false, rows: 0, key: "" } });
    expect(beyond).toMatchObject({ total: 2, titles: [], next: null });
  });

  it("have one key in the database and in the matcher", async () => {
    const ids = fc.record(
      {
        tmdb: fc.integer({ min: 1, max: 2_147_483_647 }),
        imdb: fc.integer({ min: 1, max: 99_999_999 }).map((n) => `tt${n}`),
        tvdb: fc.integer({ min: 1, max: 2_147_483_647 }),
      },
      { requiredKeys: [] },
    );
    const kind = fc.constantFrom("movie" as const, "tv" as const, null);
    const asked = fc.sample(fc.record({ ids, kind }), 200) satisfies Pick<NormalizedRow, "ids" | "kind">[];
    const { rows } = await sql<{ key: string }>`
      select title_request_key('crash|2005|', one.value) as key
      from jsonb_array_elements(${JSON.stringify(asked)}::jsonb) with ordinality as one order by one.ordinality`.execute(
      db,
    );
    expect(rows.map(({ key }) => key)).toEqual(
      asked.map(({ ids, kind }) => requestKey("crash|2005|", ids, kind)),
    );
  });

  it("are settled in all imports by one decision; the second operator is told who made it", async () => {
    const dryRun = await desk.run(watched("2024-02-01,Solaris,,u"), { dryRun: true });
    const decision = await trx().execute((t) => decideTitle(t, SOLARIS, solaris, "anna"));
    expect(decision).toMatchObject({ rows: 2, imports: 2 });
    const late = trx().execute((t) => decideTitle(t, SOLARIS, null, "ben"));
    await expect(late).rejects.toMatchObject({
      code: "TITLE_DECIDED",
      status: 409,
      userMessage: expect.stringContaining("anna has decided it to be Solaris (1972)"),
    });
    await desk.drain();
    expect(await desk.read(dryRun.id)).toMatchObject({ status: "completed", successRows: 1 });
    expect(await aliases()).toMatchObject([
      { key: SOLARIS, title: "Solaris", decidedBy: "anna", uses: 2, found: { title: "Solaris", year: 1972 } },
    ]);
  });
});

describe("M-03 undo", () => {
  it("takes back what its rows have written, and lets all wait again with their candidates", async () => {
    const [alias] = await aliases();
    const undo = () => trx().execute((t) => undoDecision(t, alias?.reviewId ?? "", "anna"));
    await expect(trx().execute((t) => undoDecision(t, alias?.reviewId ?? "", "ben"))).rejects.toMatchObject({
      code: "DECISION_TAKEN_BACK",
    });
    expect(await desk.viewings()).toHaveLength(1);
    // One was a dry run, one is in the catalogue.
    expect(await undo()).toMatchObject({ key: SOLARIS, title: "Solaris", rows: 2, imports: 2, written: 0 });
    await expect(undo()).rejects.toMatchObject({ code: "DECISION_TAKEN_BACK" });
    expect(await aliases()).toEqual([]);
    expect(await desk.viewings()).toEqual([]);
    const works = await db.selectFrom("works").select("title").where("tmdb_id", "=", 593).execute();
    expect(works).toEqual([]);
    for (const row of await listWaitingRows(db, SOLARIS, 5)) {
      const job = await desk.read(row.jobId);
      expect(job).toMatchObject({ status: "partial", reviewRows: 1, successRows: 0, processedRows: 1 });
      expect(row.outcome).toMatchObject({
        match: { candidates: [{ title: "Solaris" }, { title: "Solaris" }] },
      });
    }
  });

  it("leaves what something else has touched, names it, and another decision writes the rest anew", async () => {
    const more = await desk.run(watched("2024-02-05,Solaris,,u", "2024-02-06,Solaris,,u"));
    const { reviewId } = await trx().execute((t) => decideTitle(t, SOLARIS, solaris, "anna"));
    await desk.drain();
    await sql`
      insert into viewing_remarks (viewing_id, note)
      select id, 'seen with B.' from viewings where import_job_id = ${more.id} and row_number = 1`.execute(
      db,
    );
    const undone = await trx().execute((t) => undoDecision(t, reviewId, "anna"));
    expect(undone).toMatchObject({ rows: 3, imports: 3, written: 1 });
    expect(await listWrittenRows(db, SOLARIS, 5)).toMatchObject({
      total: 1,
      rows: [{ jobId: more.id, rowNumber: 1, workTitle: "Solaris" }],
    });
    await trx().execute((t) => decideTitle(t, SOLARIS, { mediaType: "movie", tmdbId: 2103 }, "anna"));
    await desk.drain();
    expect(await desk.read(more.id)).toMatchObject({ status: "completed", successRows: 2 });
    const seen = await db
      .selectFrom("viewings")
      .innerJoin("works", "works.work_id", "viewings.work_id")
      .select(["tmdb_id", "viewed_on"])
      .orderBy("viewed_on")
      .execute();
    expect(seen.map(({ tmdb_id }) => tmdb_id)).toEqual([2103, 593, 2103]);
    // The ledger knows each of them, so that the import can still be undone.
    const { rows } = await sql<{ entries: number }>`
      select count(*)::int as entries from import_changes where job_id = ${more.id} and kind = 'viewing' and undo_result is null`.execute(
      db,
    );
    expect(rows).toEqual([{ entries: 2 }]);
  });

  it("before a worker came by finds every row", async () => {
    const { reviewId } = await trx().execute((t) => decideTitle(t, CINDERELLA, null, "anna"));
    const undone = await trx().execute((t) => undoDecision(t, reviewId, "anna"));
    expect(undone).toMatchObject({ rows: 2, written: 0, inHand: 0 });
    await desk.drain();
    expect(await countDoubtfulTitles(db)).toBe(1);
    const { rows } = await sql<{ status: string }>`
      select jobs.status from import_jobs as jobs where jobs.review_rows = 2`.execute(db);
    expect(rows).toEqual([{ status: "partial" }]);
  });
});

describe("M-04 revoking an alias", () => {
  it("opens again what it had failed, in imports that came later too", async () => {
    await trx().execute((t) => decideTitle(t, CINDERELLA, null, "anna"));
    await desk.drain();
    const later = await desk.run(watched("2024-03-01,Cinderella,,u"));
    expect(later).toMatchObject({ status: "failed", failedRows: 1 });
    expect((await aliases()).slice(0, 1)).toMatchObject([
      { key: CINDERELLA, target: null, uses: 3, reopens: 3, written: 0 },
    ]);
    const revoked = await trx().execute((t) => revokeAlias(t, CINDERELLA, "ben"));
    expect(revoked).toMatchObject({ rows: 3, imports: 2, written: 0 });
    expect(await desk.read(later.id)).toMatchObject({ status: "partial", failedRows: 0, reviewRows: 1 });
    expect((await desk.read(later.id)).rows[0]).toMatchObject({ status: "review", errorCode: "REVIEW" });
    await expect(trx().execute((t) => revokeAlias(t, CINDERELLA, "anna"))).rejects.toMatchObject({
      code: "ALIAS_NOT_FOUND",
    });
  });

  it("and deciding at the same moment leaves counters that fit the rows", async () => {
    await Promise.allSettled([
      trx().execute((t) => decideTitle(t, CINDERELLA, { mediaType: "movie", tmdbId: 11224 }, "anna")),
      trx().execute((t) => revokeAlias(t, CINDERELLA, "ben")),
      trx().execute((t) => decideTitle(t, CINDERELLA, null, "cleo")),
    ]);
    await desk.drain();
    const { rows } = await sql`
      select jobs.id from import_jobs as jobs cross join lateral (
        select count(*) filter (where status = 'success') as success, count(*) filter (where status = 'failed') as failed,
          count(*) filter (where status = 'skipped') as skipped, count(*) filter (where status = 'review') as review
        from import_rows where job_id = jobs.id
      ) as found
      where (success_rows, failed_rows, skipped_rows, review_rows) <> (success, failed, skipped, review)`.execute(
      db,
    );
    expect(rows).toEqual([]);
  });
});
