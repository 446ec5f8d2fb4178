import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importDesk } from "#tests/imports/import-desk.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";

const desk = await importDesk();

describe("I-02 rows that ask for nothing", () => {
  it("are kept as skipped, with the reason, and the counters say so", async () => {
    const header =
      "Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,Bookmark,Latest Bookmark,Country";
    const row = (title: string, clip: string) =>
      `Me,2024-01-02 20:00:00,00:10:00,,${title},${clip},TV,00:10:00,00:10:00,FR (France)`;
    const job = await desk.run([header, row("Jaws", ""), row("Jaws", "TRAILER"), ""].join("\n"), {
      fileName: "ViewingActivity.csv",
    });
    expect(job).toMatchObject({
      status: "completed",
      totalRows: 2,
      processedRows: 2,
      successRows: 1,
      skippedRows: 1,
      failedRows: 0,
    });
    expect(job.rows[1]).toMatchObject({ status: "skipped", errorCode: "NOT_A_VIEWING" });
  });

  it
    .skipIf(!sharedFixtures)
    .each([
      "netflix-history-enUS.csv",
      "netflix-history-ptBR.csv",
      "imdb-ratings-2025.csv",
      "imdb-ratings-2019-cp1252.csv",
    ])(
    "every record of %s becomes a row with an outcome",
    async (name) => {
      const job = await desk.run(readFileSync(`${sharedFixtures}/csv/${name}`), { fileName: name });
      expect(job.totalRows).toBeGreaterThan(5);
      expect(job.processedRows).toBe(job.totalRows);
      expect(job.rows.every((row) => row.status !== "pending" && row.status !== "processing")).toBe(true);
    },
    120_000,
  );
});
