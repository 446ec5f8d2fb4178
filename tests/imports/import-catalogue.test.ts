import { describe, expect, it } from "vitest";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();

describe("I-08 duplicates that are to be written", () => {
  it("all get their place, also when several chunks write the same viewing at once", async () => {
    await desk.run(watched("2020-04-01,Heat,1995,u"));
    const days = ["01", "02", "03", "04", "05"].map((day) => `2021-04-${day}`);
    const lines = Array.from({ length: 150 }, (_, index) => `${days[index % 5]},Heat,1995,u`);
    const job = await desk.run(watched(...lines), {
      skipDuplicates: false,
      env: { IMPORT_CHUNK_ROWS: "10" },
    });
    expect(job).toMatchObject({ status: "completed", successRows: 150, failedRows: 0 });
    const heat = (await desk.viewings()).filter((viewing) => viewing.viewedOn?.startsWith("2021"));
    expect(new Set(heat.map((viewing) => viewing.rowNumber)).size).toBe(150);
  });
});

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
