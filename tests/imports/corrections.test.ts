import { describe, expect, it } from "vitest";
import { correctRow } from "#app/imports/corrections/correct-row.server.ts";
import { correctableFields, readCorrection } from "#app/imports/corrections/correction.ts";
import { listCorrections } from "#app/imports/corrections/row-corrections.server.ts";
import { adapters } from "#app/imports/sources/registry.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();

const correct = (
  jobId: string,
  row: number,
  cells: Record<string, string>,
  { additions = {}, version = "" }: { additions?: Record<string, string>; version?: string } = {},
) =>
  desk.db.transaction().execute((trx) => correctRow(trx, jobId, row, { cells, additions, version }, "anna"));

const newest = async (jobId: string, row: number) => (await listCorrections(desk.db, jobId, row))[0];

describe("I-13 a failed row is corrected in place", () => {
  it("with the rules of intake, and tried again; the line as it was stays", async () => {
    const job = await desk.run(watched("2024-02-08,The Matrix,20055,u", "2024-02-09,Alien,1979,u"));
    expect(job.rows[0]).toMatchObject({ status: "failed", errorCode: "INVALID_YEAR" });
    await expect(correct(job.id, 1, { Year: "1999x" })).rejects.toMatchObject({
      code: "INVALID_CORRECTION",
      details: { reason: "INVALID_YEAR", field: "cell:Year" },
    });
    await expect(
      correct(job.id, 1, { Year: "1999" }, { additions: { tmdbId: "abc" } }),
    ).rejects.toMatchObject({
      details: { field: "add:tmdbId" },
    });
    await correct(job.id, 1, { Year: "1999" });
    await desk.drain();

    const after = await desk.read(job.id);
    expect(after).toMatchObject({ status: "completed", successRows: 2, failedRows: 0 });
    expect(after.rows[0]).toMatchObject({
      status: "success",
      raw: { Year: "20055" },
      normalized: { title: "The Matrix", yearHint: 1999 },
    });
    expect(await listCorrections(desk.db, job.id, 1)).toMatchObject([
      { cells: { Year: "1999" }, errorCode: "INVALID_YEAR", correctedBy: "anna", fileName: null },
    ]);
    await expect(correct(job.id, 1, { Year: "1998" }, { version: "1" })).rejects.toMatchObject({
      code: "ROW_MOVED_ON",
      userMessage: expect.stringContaining("it has been written"),
    });
  });

  it("by an id that the file has no column for, also twice; who was slower is told", async () => {
    const job = await desk.run(watched("2024-06-08,No Such Film At All,1999,u"));
    expect(job.rows[0]).toMatchObject({ status: "failed", errorCode: "NO_MATCH" });
    await expect(correct(job.id, 1, {})).rejects.toMatchObject({ code: "NOTHING_CHANGED" });
    await correct(job.id, 1, { Name: "Nor This One" });
    await desk.drain();
    await expect(correct(job.id, 1, { Name: "The Matrix" })).rejects.toMatchObject({
      userMessage: expect.stringContaining("somebody else has corrected it"),
    });
    const version = (await newest(job.id, 1))?.id ?? "";
    await correct(job.id, 1, {}, { additions: { tmdbId: "603" }, version });
    await desk.drain();
    expect((await desk.read(job.id)).rows[0]).toMatchObject({
      status: "success",
      normalized: { ids: { tmdb: 603 } },
    });
    expect(await newest(job.id, 1)).toMatchObject({
      cells: { Name: "Nor This One" },
      additions: { tmdbId: "603" },
      errorCode: "NO_MATCH",
    });
  });

  it("can be done in every format: what its template shows is read again as it stands", () => {
    const context = { currentYear: 2026, dayOrder: "ymd", profiles: null } as const;
    for (const { id, columns, examples, wholeFile } of adapters) {
      const names = columns.map(({ name }) => name);
      expect(correctableFields(id, [...names, "Mine", "_row"]).columns).toEqual(names);
      for (const example of examples) {
        const cells = Object.fromEntries(names.map((name, at) => [name, example[at] ?? ""]));
        const dayOrder = wholeFile?.dayColumn ? "mdy" : "ymd";
        const read = readCorrection(id, { cells, additions: {} }, { ...context, dayOrder });
        expect([id, read]).toEqual([id, { row: expect.objectContaining({ title: expect.any(String) }) }]);
      }
    }
  });

  it("counts a viewing of the same day beside those of the file, where the format lists each", async () => {
    const file =
      'Title,Date\n"Dark: Season 1: Secrets","9/26/20"\n"Dark: Season 1: Secrets","9/26/20"\n"",9/26/20\n';
    const job = await desk.run(file, { fileName: "NetflixViewingHistory.csv" });
    expect(job.rows[2]).toMatchObject({ status: "failed", errorCode: "TITLE_MISSING" });
    await correct(job.id, 3, { Title: "Dark: Season 1: Secrets" });
    await desk.drain();
    expect((await desk.read(job.id)).rows.map((row) => [row.status, row.normalized?.occurrence])).toEqual([
      ["success", 2],
      ["success", 1],
      ["success", 3],
    ]);
  });
});
