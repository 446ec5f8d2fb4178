import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { attachment } from "#app/imports/attachment.ts";
import { failedRowsStream } from "#app/imports/export.server.ts";
import { importAccepted } from "#app/imports/import-answers.ts";
import { adapters } from "#app/imports/sources/registry.ts";
import { Turns } from "#app/imports/turns.ts";
import { cleanFileName } from "#app/imports/upload-name.ts";
import { changeApp } from "#tests/accounts/app.ts";
import { csv, csvFile, errorOf, formOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();

async function importOf(text: string, name?: string): Promise<string> {
  const response = await app.upload(csvFile(text, name));
  return importAccepted.parse(await response.json()).jobId;
}

const check = (text: string | Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) =>
  app.browse("/imports/check", { method: "POST", body: formOf(csvFile(text), fields) });

describe("I-01 preview", () => {
  test("says what the file is, its problems and first rows, and stores nothing", async () => {
    const text = csv("2024-02-08,The Matrix,1999,x", "2026-02-30,Alien,1979,x");
    const response = await check(text);
    expect(response.status).toBe(200);
    const body = await response.json();
    expect(body).toMatchObject({
      report: {
        format: "letterboxd-watched",
        encoding: "utf-8",
        delimiter: ",",
        totalRows: 2,
        invalidRows: 1,
        problems: [{ rowNumber: 2 }],
      },
      sameFile: [],
    });
    expect(await app.db.selectFrom("import_jobs").select("id").execute()).toEqual([]);
  });

  test("I-14 names the imports of the very same file", async () => {
    const text = csv("2024-02-08,Heat,1995,x");
    const id = await importOf(text);
    const body = await (await check(text)).json();
    expect(body.sameFile).toMatchObject([{ id, status: "queued", uploadedBy: "api:script" }]);
  });

  test("obeys stated options, and refuses those that there are not", async () => {
    const body = await (
      await check(csv("2024-02-08,Café,1995,x"), { encoding: "windows-1252", format: "", source: "auto" })
    ).json();
    expect(body.report).toMatchObject({
      encoding: "windows-1252",
      sample: [{ normalized: { title: "CafÃ©" } }],
    });
    const bad = await check(csv("2024-02-08,Heat,1995,x"), { encoding: "ebcdic" });
    expect([bad.status, (await errorOf(bad)).code]).toEqual([400, "INVALID_INPUT"]);
  });

  test("errors come as JSON: of the file, of the request, of access", async () => {
    const cases: [Promise<Response>, number, string][] = [
      [check("Foo,Bar\nx,y\n"), 422, "HEADER_MISMATCH"],
      [check(new Uint8Array([0x50, 0x4b, 3, 4])), 415, "ZIP_FILE"],
      [check(csv("2024-02-08,Heat,1995,x"), { source: "myspace" }), 400, "UNKNOWN_SOURCE"],
      [app.browse("/imports/check"), 405, "METHOD_NOT_ALLOWED"],
      [app.browse("/imports/check", { method: "POST", headers: { cookie: "" } }), 401, "NOT_SIGNED_IN"],
      [
        app.browse("/imports/check", { method: "POST", headers: { origin: "https://evil.example" } }),
        403,
        "FOREIGN_ORIGIN",
      ],
    ];
    for (const [answer, status, code] of cases) {
      const response = await answer;
      expect([response.status, (await errorOf(response)).code]).toEqual([status, code]);
    }
  });

  test("I-18 is limited per operator", async () => {
    changeApp(app, app.config, { API_RATE_LIMIT: { requests: 1, perMs: 60_000 } });
    await app.pool.query("delete from request_limits");
    const text = csv("2024-02-08,Heat,1995,x");
    const answers = [await check(text), await check(text)];
    changeApp(app, app.config, {});
    await app.pool.query("delete from request_limits");
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers[1]!.headers.get("retry-after")).not.toBeNull();
  });
});

describe("I-03 templates", () => {
  test.each(adapters.map(({ id }) => id))("%s: downloads, and is read as itself", async (format) => {
    const response = await app.browse(`/imports/templates/${format}.csv`);
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[\w-]+template\.csv"/,
    );
    const body = await (await check(new Uint8Array(await response.arrayBuffer()), { format })).json();
    expect(body.report).toMatchObject({ format, invalidRows: 0 });
    expect(body.report.totalRows).toBeGreaterThan(0);
  });

  test("an unknown one is a 404 that lists the known", async () => {
    const response = await app.browse("/imports/templates/constructor");
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({
      code: "TEMPLATE_NOT_FOUND",
      details: { templates: adapters.map(({ id }) => id) },
    });
  });
});

describe("I-12 files of an import", () => {
  test("the original comes back byte for byte, as a download that no browser opens", async () => {
    const text = csv("2024-02-08,<script>alert(1)</script>,1999,x");
    const id = await importOf(text, "Amélie's 映画.csv");
    const response = await app.browse(`/imports/${id}/file`);
    expect(await response.text()).toBe(text);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="Amelie's __.csv"; filename*=UTF-8''Am%C3%A9lie%27s%20%E6%98%A0%E7%94%BB.csv`,
    );
  });

  test("operators get the same failed rows as machines; unknown ids are 404", async () => {
    const id = await importOf(csv("2026-02-30,Heat,1995,x"));
    const mine = await (await app.browse(`/imports/${id}/failed-rows.csv`)).text();
    expect(mine).toBe(await (await app.call(`/bulk-import/jobs/${id}/failed-rows.csv`)).text());
    for (const path of ["/imports/nonsense/file", "/imports/nonsense/failed-rows.csv"]) {
      const response = await app.browse(path);
      expect([response.status, (await errorOf(response)).code]).toEqual([404, "IMPORT_NOT_FOUND"]);
    }
  });

  test("an export is of one moment, though rows change while it is read", async () => {
    const { id, stream } = await largeExport();
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    await sql`update import_rows set status = 'success' where job_id = ${id}::uuid`.execute(app.db);
    let text = "";
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
      text += new TextDecoder().decode(chunk.value);
    expect(text.trimEnd().split("\r\n").at(-1)).toContain(",3000,NO_MATCH,");
    expect(app.pool.idleCount).toBe(app.pool.totalCount);
  });

  test("a reader that goes away gives the connection back, and so does one that never read", async () => {
    const { stream } = await largeExport();
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    expect(app.pool.totalCount - app.pool.idleCount).toBe(1);
    await reader.cancel();
    expect(app.pool.idleCount).toBe(app.pool.totalCount);
    const unread = await largeExport();
    await unread.stream.cancel();
    expect(app.pool.idleCount).toBe(app.pool.totalCount);
  });

  test("over HTTP too: aborted downloads leave no connection and no turn behind", async () => {
    const { id } = await largeExport();
    for (let at = 0; at < 6; at += 1) {
      const abort = new AbortController();
      const response = await app.call(`/bulk-import/jobs/${id}/failed-rows.csv`, { signal: abort.signal });
      await response.body!.getReader().read();
      abort.abort();
    }
    // More than there are turns: it would wait for ever.
    const text = await (await app.call(`/bulk-import/jobs/${id}/failed-rows.csv`)).text();
    expect(text.trimEnd().split("\r\n")).toHaveLength(3_001);
  });

  /** An import with 3,000 failed rows, three batches of an export. */
  async function largeExport() {
    const id = await importOf(csv("2024-02-08,Heat,1995,x"));
    await sql`delete from import_rows where job_id = ${id}::uuid`.execute(app.db);
    await sql`
      insert into import_rows (job_id, row_number, line_number, raw_payload, status, error_code, error_message)
      select ${id}::uuid, n, n + 1, jsonb_build_object('Name', 'Film ' || n), 'failed', 'NO_MATCH', 'No title found.'
      from generate_series(1, 3000) n`.execute(app.db);
    return { id, stream: failedRowsStream(app.db, { id, columns: ["Name"], delimiter: "," }) };
  }
});

describe("I-18 names of files", () => {
  test.each([
    ["watched.csv", "watched.csv"],
    ["C:\\Users\\me\\watched.csv", "watched.csv"],
    ["../../etc/passwd", "passwd"],
    ["a/b/", "b"],
    ["..", "upload.csv"],
    ["", "upload.csv"],
    ["line\nbreak\u0000\u001b[31m.csv", "linebreak[31m.csv"],
    ["exe\u202evsc.csv", "exevsc.csv"],
    ["Cafe\u0301.csv", "Café.csv"],
  ])("%j is kept as %j", (name, kept) => {
    expect(cleanFileName(name)).toBe(kept);
  });

  test("any name: short, on one line, storable, stable, and a header that names one file", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 600 }),
          fc.string({ unit: "grapheme", maxLength: 600 }),
        ),
        (name) => {
          const kept = cleanFileName(name);
          expect(kept.length).toBeGreaterThan(0);
          expect(kept.length).toBeLessThanOrEqual(255);
          expect(kept.isWellFormed()).toBe(true);
          expect(kept).not.toMatch(/[/\\\p{Cc}]/u);
          expect(cleanFileName(kept)).toBe(kept);
          const header = attachment(kept);
          expect(header).toMatch(
            /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[\w%.~!-]+$/,
          );
          expect(decodeURIComponent(header.split("UTF-8''")[1]!)).toBe(kept);
        },
      ),
    );
  });
});

describe("turns", () => {
  test("so many at once, the others in their order, and a failure gives its turn on", async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const all = gates.map(({ promise }, at) =>
      turns
        .run(async () => {
          begun.push(at);
          await promise;
        })
        .catch(() => "failed"),
    );
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await settle();
    expect(begun).toEqual([0, 1]);
    gates[1]!.reject(new Error("no"));
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of gates) resolve();
    expect(await Promise.all(all)).toEqual([undefined, "failed", undefined, undefined, undefined]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });
});
