import { sql } from "kysely";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { importAccepted, importJob, importJobs, importRows } from "#app/imports/import-answers.ts";
import { changeApp } from "#tests/accounts/app.ts";
import { csv, csvFile, errorOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const NOBODY = "00000000-0000-4000-8000-000000000000";

async function importOf(text: string, fields: Record<string, string> = {}): Promise<string> {
  const response = await app.upload(csvFile(text), fields);
  return importAccepted.parse(await response.json()).jobId;
}

const job = async (id: string) =>
  importJob.strict().parse(await (await app.call(`/bulk-import/jobs/${id}`)).json());
const rows = async (id: string, query = "") =>
  importRows.parse(await (await app.call(`/bulk-import/jobs/${id}/rows${query}`)).json());

/** Fails a job's rows as a worker would after their titles were not found. */
async function failRows(id: string): Promise<void> {
  await sql`update import_rows set status = 'failed', error_code = 'NO_MATCH', error_message = 'No title found at TMDB.'
    where job_id = ${id}::uuid and status = 'pending'`.execute(app.db);
  await sql`update import_jobs set status = 'failed', started_at = now(), completed_at = now(),
    processed_rows = total_rows, failed_rows = total_rows where id = ${id}::uuid`.execute(app.db);
}

describe("I-15 list of imports by API", () => {
  test("newest first, page by page, filtered by status, each once", async () => {
    await app.db.deleteFrom("import_jobs").execute();
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.unshift(await importOf(csv(`2024-02-08,Film ${at},1999,x`)));
    await failRows(ids[1]!);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${cursor}` : "";
      const page = importJobs
        .strict()
        .parse(await (await app.call(`/bulk-import/jobs?limit=2${query}`)).json());
      seen.push(...page.jobs.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
    const failed = importJobs.parse(await (await app.call("/bulk-import/jobs?status=failed")).json());
    expect(failed).toMatchObject({
      jobs: [{ id: ids[1], failedRows: 1, etaSeconds: null }],
      nextCursor: null,
    });
  });

  test.each([
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1.5",
    "limit=abc",
    "limit=1e2",
    "status=done",
    "cursor=%00",
    "cursor=abc",
    `cursor=${"x".repeat(300)}`,
  ])("a bad query is refused with 400: %s", async (query) => {
    const response = await app.call(`/bulk-import/jobs?${query}`);
    expect(response.status).toBe(400);
    expect(["INVALID_INPUT", "BAD_CURSOR"]).toContain((await errorOf(response)).code);
  });

  test("the refusal names the field", async () => {
    const error = await errorOf(await app.call("/bulk-import/jobs?limit=0&status=done"));
    expect(error.details?.problems).toMatchObject([{ field: "status" }, { field: "limit" }]);
    expect(error.message).toContain("limit is less than 1");
  });
});

describe("I-11 one import by API", () => {
  test("the job as the contract has it, with its newest errors", async () => {
    const id = await importOf(csv("2024-02-08,The Matrix,1999,x", "2026-02-30,Alien,1979,x"), {
      dryRun: "1",
    });
    const answer = await job(id);
    expect(answer).toMatchObject({
      id,
      type: "movies",
      source: "letterboxd",
      status: "queued",
      dryRun: true,
      fileName: "watched.csv",
      totalRows: 2,
      processedRows: 1,
      successRows: 0,
      failedRows: 1,
      skippedRows: 0,
      reviewRows: 0,
      startedAt: null,
      completedAt: null,
      recentErrors: [{ rowNumber: 2 }],
    });
    expect(Object.keys(answer)).toEqual([
      "id",
      "type",
      "source",
      "status",
      "dryRun",
      "fileName",
      "totalRows",
      "processedRows",
      "successRows",
      "failedRows",
      "skippedRows",
      "reviewRows",
      "createdAt",
      "startedAt",
      "completedAt",
      "etaSeconds",
      "recentErrors",
    ]);
  });

  test("an import that failed as a whole says why", async () => {
    const id = await importOf(csv("2024-02-08,The Matrix,1999,x"));
    await app.db
      .updateTable("import_jobs")
      .set({
        status: "failed",
        error_code: "CATALOGUE_AWAY",
        error_message: "The catalogue does not answer.",
      })
      .where("id", "=", id)
      .execute();
    expect((await job(id)).recentErrors).toEqual([
      { rowNumber: null, code: "CATALOGUE_AWAY", message: "The catalogue does not answer." },
    ]);
  });

  test("etaSeconds counts on TMDB's limit until the import has a pace of its own", async () => {
    changeApp(app, app.config, {
      TMDB_API_KEY: "0".repeat(32),
      TMDB_RATE_LIMIT: { requests: 4, perMs: 1000 },
    });
    const id = await importOf(csv(...Array.from({ length: 40 }, (_, at) => `2024-02-08,Film ${at},1999,x`)));
    expect((await job(id)).etaSeconds).toBe(20);
    changeApp(app, app.config, {});
  });

  test("rows: raw in the file's order with what stands beyond it, normalised, paged", async () => {
    const text =
      "Name,Year,Date,Letterboxd URI\nThe Matrix,1999,2024-02-08,x\nHeat,1995,2024-02-09,y,surplus,more\nAlien,1979,2024-02-10,z\n";
    const id = await importOf(text);
    const all = await rows(id);
    expect(all.total).toBe(3);
    expect(Object.keys(all.rows[0]!)).toEqual([
      "rowNumber",
      "status",
      "raw",
      "normalized",
      "errorCode",
      "errorMessage",
      "targetRecordId",
      "attemptCount",
    ]);
    expect(Object.entries(all.rows[0]!.raw)).toEqual([
      ["Name", "The Matrix"],
      ["Year", "1999"],
      ["Date", "2024-02-08"],
      ["Letterboxd URI", "x"],
    ]);
    expect(all.rows[0]).toMatchObject({
      status: "pending",
      normalized: { title: "The Matrix", yearHint: 1999, date: "2024-02-08" },
      attemptCount: 0,
    });
    expect(all.rows[1]).toMatchObject({
      status: "failed",
      normalized: null,
      raw: { _extra: ["surplus", "more"] },
    });
    expect((await rows(id, "?limit=1&offset=2")).rows.map(({ rowNumber }) => rowNumber)).toEqual([3]);
    expect(await rows(id, "?status=failed")).toMatchObject({ total: 1, rows: [{ rowNumber: 2 }] });
    expect(await rows(id, "?status=pending&limit=1&offset=1")).toMatchObject({
      total: 2,
      rows: [{ rowNumber: 3 }],
    });
    expect(await rows(id, "?status=processing")).toEqual({ total: 0, rows: [] });
    expect(await rows(id, "?offset=2000000000")).toEqual({ total: 3, rows: [] });
  });

  test.each([
    "limit=0",
    "limit=501",
    "offset=-1",
    "offset=9999999999",
    "offset=99999999999999999999",
    "status=lost",
  ])("a bad query for rows is refused with 400: %s", async (query) => {
    const response = await app.call(`/bulk-import/jobs/${NOBODY}/rows?${query}`);
    expect([response.status, (await errorOf(response)).code]).toEqual([400, "INVALID_INPUT"]);
  });
});

describe("I-12 retry, cancel and export by API", () => {
  test("cancel answers with the job, and is refused a second time", async () => {
    const id = await importOf(csv("2024-02-08,The Matrix,1999,x"));
    const response = await app.call(`/bulk-import/jobs/${id}/cancel`, { method: "POST" });
    expect(response.status).toBe(202);
    expect(importJob.parse(await response.json())).toMatchObject({
      id,
      status: "cancelled",
      etaSeconds: null,
    });
    const again = await app.call(`/bulk-import/jobs/${id}/cancel`, { method: "POST" });
    expect([again.status, (await errorOf(again)).code]).toEqual([409, "ALREADY_FINISHED"]);
  });

  test("retry sends failed rows round again, and is refused when there are none", async () => {
    const id = await importOf(csv("2024-02-08,The Matrix,1999,x", "2024-02-08,Heat,1995,x"));
    const early = await app.call(`/bulk-import/jobs/${id}/retry-failed`, { method: "POST" });
    expect([early.status, (await errorOf(early)).code]).toEqual([409, "NOTHING_TO_RETRY"]);
    await failRows(id);
    const answers = await Promise.all(
      [1, 2].map(() => app.call(`/bulk-import/jobs/${id}/retry-failed`, { method: "POST" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(await job(id)).toMatchObject({
      status: "queued",
      processedRows: 0,
      failedRows: 0,
      completedAt: null,
    });
    const acts = await app.db
      .selectFrom("audit_log")
      .select("action")
      .where("subject", "=", `import:${id}`)
      .orderBy("id")
      .execute();
    expect(acts.map(({ action }) => action)).toEqual(["import.create", "import.retry"]);
  });

  test("failed rows: own columns and order, our three behind, formulas harmless, delimiter kept", async () => {
    const text = [
      "Name;Date;Year;Letterboxd URI",
      "=cmd|'/C calc'!A0;2026-02-30;1999;x",
      '"+1; ""quoted""\nover two lines";2024-02-08;20055;@SUM(1)',
      "Heat;2024-02-08;1995;fine",
    ].join("\n");
    const id = await importOf(text);
    const response = await app.call(`/bulk-import/jobs/${id}/failed-rows.csv`);
    expect(response.headers.get("content-type")).toMatch(/^text\/csv; charset=utf-8/);
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="watched-failed-rows.csv"; filename*=UTF-8''watched-failed-rows.csv`,
    );
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const parsed = Papa.parse<string[]>((await response.text()).trimEnd(), { delimiter: ";" });
    expect(parsed.errors).toEqual([]);
    expect(parsed.data[0]).toEqual([
      "Name",
      "Date",
      "Year",
      "Letterboxd URI",
      "_row",
      "_error_code",
      "_error",
    ]);
    expect(parsed.data.slice(1).map((cells) => [cells[0], cells[3], cells[4]])).toEqual([
      ["'=cmd|'/C calc'!A0", "x", "1"],
      [`'+1; "quoted"\nover two lines`, "'@SUM(1)", "2"],
    ]);
    expect(parsed.data.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  test("an export without failed rows is a header", async () => {
    const id = await importOf(csv("2024-02-08,The Matrix,1999,x"));
    const text = await (await app.call(`/bulk-import/jobs/${id}/failed-rows.csv`)).text();
    expect(text).toBe("Date,Name,Year,Letterboxd URI,_row,_error_code,_error\r\n");
  });
});
