import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { recordAnotherViewing } from "#app/works/record.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();

describe("I-08 duplicates that are to be written", () => {
  it("each get their place, also when two chunks write the same viewing at once", async () => {
    const job = await desk.run(watched("2021-04-01,Heat,1995,u"));
    const entry = (rowNumber: number) => ({
      workId: job.rows[0]?.workId ?? "",
      date: "2021-04-01",
      season: null,
      episode: null,
      episodeTitle: null,
      occurrence: 1,
      rewatch: false,
      rating: null,
      sourceUri: null,
      importJobId: job.id,
      rowNumber,
    });
    const first = await desk.db.startTransaction().execute();
    await recordAnotherViewing(first, entry(2));
    const second = desk.db.transaction().execute((trx) => recordAnotherViewing(trx, entry(3)));
    await expect.poll(waiting).toBe(1);
    await first.commit().execute();
    await second;
    const rows = await desk.db
      .selectFrom("viewings")
      .select(["row_number", "occurrence"])
      .orderBy("occurrence")
      .execute();
    expect(rows.map((row) => [row.row_number, row.occurrence])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });
});

/** How many of this database's connections wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    desk.db,
  );
  return rows.length;
}

describe("one bad row never stops a file", () => {
  it("an outcome that cannot be stored fails its row, and the others go on", async () => {
    await desk.pool.query(
      `alter table import_rows add constraint no_review check (status <> 'review' or row_number <> 2)`,
    );
    const job = await desk.run(
      watched("2024-10-01,Solaris,,u", "2024-10-02,Solaris,,u", "2024-10-03,Solaris,,u"),
    );
    await desk.pool.query("alter table import_rows drop constraint no_review");
    expect(job.rows.map((row) => [row.status, row.errorCode])).toEqual([
      ["review", "REVIEW"],
      ["failed", "NOT_STORED"],
      ["review", "REVIEW"],
    ]);
  });
});
