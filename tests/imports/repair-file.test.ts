import { describe, expect, it } from "vitest";
import { checkRepair, findRepair, repairImport } from "#app/imports/corrections/repair/repair.server.ts";
import { listCorrections } from "#app/imports/corrections/row-corrections.server.ts";
import { listEvents } from "#app/imports/events.server.ts";
import { failedRowsAnswer } from "#app/imports/failed-rows-answer.server.ts";
import { checkFile } from "#app/imports/parse-file.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();

/** The failed rows as an operator downloads them. */
const exported = async (jobId: string) => (await failedRowsAnswer(desk.db, jobId)).text();
const fileOf = (text: string) => ({
  bytes: new TextEncoder().encode(text),
  fileName: "watched-failed-rows.csv",
});

/** What both doors do with such a file. */
async function upload(text: string) {
  const file = fileOf(text);
  const jobId = await findRepair(desk.db, file, "auto");
  if (jobId === null) return null;
  const plan = await desk.db.transaction().execute((trx) => repairImport(trx, jobId, file, "anna"));
  await desk.drain();
  return plan;
}

const check = async (text: string, choice: "auto" | "no" = "auto") =>
  checkRepair(desk.db, fileOf(text), await checkFile(fileOf(text), {}), choice);

const broken = (day: string) =>
  watched(
    `${day},The Matrix,19999,u`,
    `${day},Alien,1979,u`,
    `${day},"Alien, the Film That Nobody Knows",1979,u`,
    `${day},Heat,year,u`,
  );

describe("I-13 a corrected file of failed rows", () => {
  it("repairs its import, line by line, and once only", async () => {
    const job = await desk.run(broken("2024-01-01"));
    expect(job).toMatchObject({ status: "partial", failedRows: 3 });
    const corrected = (await exported(job.id))
      .replace("The Matrix,19999", "The Matrix,1999")
      .replace("Heat,year", "Heat,yea");
    const more = `${corrected}2024-01-01,Ran,1985,u,2,NO_MATCH,x\r\n2024-01-01,Ran,1985,u,99,NO_MATCH,x\r\n2024-01-01,Ran,1985,u,,NO_MATCH,x\r\n`;
    const foretold = await check(more);
    expect(foretold?.candidates.map(({ id }) => id)).toEqual([job.id]);
    const plan = await upload(more);
    expect(plan).toEqual(foretold?.plan);
    expect(plan).toMatchObject({ job: { id: job.id }, replaces: 1, unchanged: 1, refusedCount: 4 });
    expect(plan?.refused.map(({ lineNumber, rowNumber, code }) => [lineNumber, rowNumber, code])).toEqual([
      [4, 4, "INVALID_YEAR"],
      [5, 2, "ROW_NOT_FAILED"],
      [6, 99, "NO_SUCH_ROW"],
      [7, null, "ROW_NUMBER_MISSING"],
    ]);
    const after = await desk.read(job.id);
    expect(after).toMatchObject({ status: "partial", successRows: 2, failedRows: 2 });
    expect(after.rows[0]).toMatchObject({
      status: "success",
      raw: { Year: "19999" },
      normalized: { yearHint: 1999 },
    });
    expect(await listCorrections(desk.db, job.id, 1)).toMatchObject([
      { cells: { Year: "1999" }, correctedBy: "anna", fileName: "watched-failed-rows.csv" },
    ]);

    const again = await upload(more);
    expect(again).toMatchObject({ job: { id: job.id }, replaces: 0, unchanged: 1, refusedCount: 5 });
    expect(await desk.read(job.id)).toMatchObject({ successRows: 2, failedRows: 2 });
    expect((await desk.viewings()).filter(({ title }) => title === "The Matrix")).toHaveLength(1);
    expect((await listEvents(desk.db, job.id)).filter(({ kind }) => kind === "repaired")).toHaveLength(2);
    expect(await desk.db.selectFrom("import_jobs").select("id").execute()).toHaveLength(1);
  });

  it("is exported again with what was mended, and repairs again", async () => {
    const job = await desk.run(broken("2024-01-02"));
    const once = (await exported(job.id))
      .replace("The Film That Nobody Knows", "A Film")
      .replace("19999", "1999");
    await upload(once.replace("Alien, the Film That Nobody Knows", "Nobody Knows This Either"));
    const second = await exported(job.id);
    expect(second).toContain("Nobody Knows This Either");
    const plan = await upload(second.replace("Nobody Knows This Either", "Alien"));
    // Seen on that day already, under its own line.
    expect(plan).toMatchObject({ replaces: 1 });
    expect((await desk.read(job.id)).rows[2]).toMatchObject({
      status: "skipped",
      errorCode: "DUPLICATE_IN_FILE",
    });
  });

  it("is asked about when several imports fit, unless only one was exported", async () => {
    const first = await desk.run(broken("2024-01-03"));
    const second = await desk.run(broken("2024-01-03"));
    const text = (await exported(first.id)).replace("Heat,year", "Heat,1995");
    expect(await findRepair(desk.db, fileOf(text), "auto")).toBe(first.id);
    await exported(second.id);
    await expect(findRepair(desk.db, fileOf(text), "auto")).rejects.toMatchObject({
      code: "AMBIGUOUS_REPAIR",
      details: { imports: [{ jobId: second.id, fileName: "watched.csv" }, { jobId: first.id }] },
    });
    expect(await findRepair(desk.db, fileOf(text), { jobId: first.id })).toBe(first.id);
    expect(await findRepair(desk.db, fileOf(text), "no")).toBeNull();
    expect((await check(text))?.candidates.slice(0, 2).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await check(text, "no")).toMatchObject({ plan: null });
  });

  it("of an import that does not stand here is an import like any other", async () => {
    const text = `Date,Name,Year,Letterboxd URI,_row,_error_code,_error\r\n2021-01-01,Ran,1985,https://boxd.it/zz,3,NO_MATCH,x\r\n`;
    expect(await findRepair(desk.db, fileOf(text), "auto")).toBeNull();
    expect(await findRepair(desk.db, fileOf(watched("2021-01-01,Ran,1985,u")), "auto")).toBeNull();
  });
});
