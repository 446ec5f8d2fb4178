import { afterAll, describe, expect, it } from "vitest";
import { MAX_LOST_CLAIMS } from "#app/imports/rows.server.ts";
import { openDrillDesk } from "#tests/drills/drill-desk.ts";
import { importPoisonRow } from "#tests/drills/poison-row.ts";
import { testDatabase } from "#tests/setup/database.ts";

const database = await testDatabase();
const desk = await openDrillDesk({
  db: database.db,
  databaseUrl: database.url,
  worker: "tests/drills/quick-worker.ts",
});
afterAll(() => desk.close());

describe("a row that kills every worker that takes it", () => {
  it("is put aside after three of them, and its neighbours are not", { timeout: 90_000 }, async () => {
    const { kills, ...end } = await importPoisonRow(desk);
    expect(end).toEqual({ errorCode: "ROW_PUT_ASIDE", othersFailed: 0, broken: [] });
    // A slot beside the row may die with it before it has claimed anything: such a death is counted by nobody.
    expect(kills).toBeGreaterThanOrEqual(MAX_LOST_CLAIMS);
    expect(kills).toBeLessThanOrEqual(2 * MAX_LOST_CLAIMS);
  });
});
