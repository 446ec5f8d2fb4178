import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();

describe("a Letterboxd export, end to end", () => {
  it("I-07 I-10 every row of the bundled sample has its outcome, and the viewings stand in the catalogue", async () => {
    const job = await desk.run(readFileSync("sandbox/sample/letterboxd-watched.csv"));
    console.log(job.status, job.rows.filter((r) => r.status !== "success").map((r) => [r.status, r.errorCode, r.normalized?.title, r.errorMessage]));
    console.log(job.totalRows, job.successRows, job.failedRows, job.skippedRows, job.reviewRows);
    expect(job.rows).toHaveLength(job.totalRows);
    expect(job.status).toBe("partial");
  });
});
