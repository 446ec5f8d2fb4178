import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { cancelImport, fanOut, retryRows } from "#app/imports/lifecycle.server.ts";
import { processRows } from "#app/imports/process.server.ts";
import { pickCandidate } from "#app/imports/review/decide-title.server.ts";
import { logger } from "#app/logger.server.ts";
import { knownResolutions } from "#app/matching/remembered.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";
import { testConfig } from "#tests/setup/drain.ts";

const desk = await importDesk();
const { db } = desk;
const solaris = { mediaType: "movie" as const, tmdbId: 593 };

/** Takes a file in and processes its first row only. */
async function begun(...lines: string[]): Promise<string> {
  const jobId = await desk.takeIn(watched(...lines));
  await db.transaction().execute((trx) => fanOut(trx, jobId, 1));
  const context = {
    db,
    config: testConfig(desk.env),
    logger,
    workerId: "w",
    signal: new AbortController().signal,
  };
  await processRows(context, { jobId, fromRow: 1, toRow: 1 });
  return jobId;
}

describe("M-03 a decision", () => {
  it("does not set a cancelled import going; its rows take it along when the import goes on", async () => {
    const cancelled = await begun("2024-10-01,Solaris,,u", "2024-10-03,Jaws,1975,u");
    await db.transaction().execute((trx) => cancelImport(trx, cancelled));
    const other = await desk.run(watched("2024-10-02,Solaris,,u"));
    const settled = db.transaction().execute((trx) => pickCandidate(trx, other.id, 1, solaris, "me"));
    expect(await settled).toBe(2);
    await desk.drain();
    expect(await desk.read(other.id)).toMatchObject({ status: "completed", successRows: 1 });
    expect(await desk.read(cancelled)).toMatchObject({
      status: "cancelled",
      processedRows: 0,
      reviewRows: 0,
    });
    expect(await desk.viewings()).toHaveLength(1);

    await db.transaction().execute((trx) => retryRows(trx, cancelled, { kind: "unfinished" }));
    await desk.drain();
    expect(await desk.read(cancelled)).toMatchObject({ status: "completed", successRows: 2 });
  });

  it("of two operators at once counts once: the other one is told", async () => {
    const job = await desk.run(watched("2024-12-01,Cinderella,,u"));
    const picks = [{ mediaType: "movie" as const, tmdbId: 11224 }, null].map((pick, index) =>
      db.transaction().execute((trx) => pickCandidate(trx, job.id, 1, pick, `operator ${index}`)),
    );
    const results = await Promise.allSettled(picks);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")?.reason).toMatchObject({
      code: "ROW_NOT_IN_REVIEW",
      status: 409,
    });
    const winner = results.findIndex((result) => result.status === "fulfilled");
    const alias = await db
      .selectFrom("title_aliases")
      .select("decided_by")
      .where("title_key", "like", "cinderella%")
      .executeTakeFirstOrThrow();
    expect(alias.decided_by).toBe(`operator ${winner}`);
  });

  it("that many chunks use at once locks none of them out: aliases are taken in the order of their keys", async () => {
    const alias = (title_key: string) => ({
      title_key,
      media_type: "movie" as const,
      tmdb_id: 1,
      decided_by: "me",
    });
    await db
      .insertInto("title_aliases")
      .values([alias("z second"), alias("a first")])
      .execute();
    const holder = await db.startTransaction().execute();
    const lock = (key: string) =>
      holder
        .selectFrom("title_aliases")
        .select("title_key")
        .where("title_key", "=", key)
        .forUpdate()
        .noWait();
    await lock("a first").execute();
    const requests = ["z second", "a first"].map((key) => ({
      key,
      query: { title: key, year: null, kind: null },
      ids: {},
      seriesTitle: null,
    }));
    const used = knownResolutions(db, requests);
    await expect.poll(waiting).toBe(1);
    // Who waits for the first holds no later one.
    expect(await lock("z second").execute()).toHaveLength(1);
    await holder.commit().execute();
    expect((await used).size).toBe(2);
  });
});

/** How many of this database's connections wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
  return rows.length;
}
