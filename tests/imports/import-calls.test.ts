import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const { db, sandbox } = desk;
const remote = {
  catalogue: sandbox.catalogueUrl,
  env: {
    CATALOGUE_URL: sandbox.catalogueUrl,
    CATALOGUE_API_KEY: sandbox.keys.catalogue,
    IMPORT_CHUNK_ROWS: "1",
  },
};
const fixtures = "../shared/fixtures/csv";

afterEach(async () => {
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
});

/** The different questions that TMDB was asked. */
function questions(): Set<string> {
  return new Set(sandbox.control.requests("tmdb").map((one) => `${one.path} ${JSON.stringify(one.query)}`));
}

describe("must hold 4: at most two TMDB calls per distinct title", () => {
  it.each([
    "The Matrix (Extended Edition),1999",
    "Star Wars: Episode IV – A New Hope,1977",
    "Breaking Bad,2008",
    "Nobody Knows This,2007",
  ])("%s, also when its rows lie in different chunks of an import into a remote catalogue", async (title) => {
    await desk.run(watched(`2024-01-01,${title},u`, `2024-01-02,${title},u`), remote);
    expect(questions().size).toBeLessThanOrEqual(2);
  });

  it("also when its chunk has to come back in the middle of the look-up", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/search/tv" },
      times: 3,
      fault: { kind: "status", status: 503 },
    });
    const job = await desk.run(watched("2024-01-01,Interrupted At The Second,2007,u"));
    expect(job.rows[0]).toMatchObject({ errorCode: "NO_MATCH", attemptCount: 2 });
    expect(questions().size).toBe(2);
  });

  it("and the details that decided for an alternative title are kept", async () => {
    const job = await desk.run(watched("2024-01-03,Star Wars: Episode IV – A New Hope,1977,u"));
    expect(job.rows[0]).toMatchObject({ outcome: { match: { strategy: "alternative_title" } } });
    const work = db
      .selectFrom("works")
      .select("ingestion_status")
      .where("work_id", "=", job.rows[0]?.workId ?? "");
    expect(await work.executeTakeFirst()).toEqual({ ingestion_status: "complete" });
  });
});

describe.skipIf(!existsSync(fixtures))("must hold 2 and 4 on real exports", () => {
  const files = existsSync(fixtures)
    ? readdirSync(fixtures).filter((name) => name.startsWith("letterboxd-"))
    : [];
  it.each(files)("%s: every record is a row with its outcome", { timeout: 180_000 }, async (fileName) => {
    const job = await desk.run(readFileSync(`${fixtures}/${fileName}`), { fileName });
    expect(["completed", "partial"]).toContain(job.status);
    expect(job.rows).toHaveLength(job.totalRows);
    expect(job.rows.filter((row) => row.status === "pending" || row.status === "processing")).toEqual([]);
    expect(sandbox.control.requests("tmdb").length).toBeLessThanOrEqual(2 * job.distinctTitles);
  });
});
