import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { beforeEach, describe, expect, test } from "vitest";
import type { Database } from "#app/db/types.ts";
import { importAccepted } from "#app/imports/import-answers.ts";
import { changeApp } from "#tests/accounts/app.ts";
import { csv, csvFile, errorOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const good = csv(
  "2024-02-08,The Matrix,1999,https://boxd.it/2a1m",
  "2024-02-09,Alien,1979,https://boxd.it/2awY",
);

const jobs = () => app.db.selectFrom("import_jobs").selectAll().execute();
const numberOf = async (relation: string) => (await app.pool.query(`select 1 from ${relation}`)).rowCount;

beforeEach(async () => {
  await app.db.deleteFrom("import_jobs").execute();
  await app.pool.query("delete from graphile_worker._private_jobs");
});

describe("I-01 upload by API", () => {
  test("a file is taken in: 202 with what was found, job, rows, file and queue job stored", async () => {
    const bad = csv("2024-02-08,The Matrix,1999,x", "2026-02-30,Alien,1979,x", "2024-02-09,Heat,20055,x");
    const response = await app.upload(csvFile(bad, "../../etc/wat\u0000ched.csv"));
    expect(response.status).toBe(202);
    const body = importAccepted.parse(await response.json());
    expect(body).toMatchObject({ status: "queued", totalRows: 3, validation: { valid: 1, invalid: 2 } });
    expect(body.validation.errors.map(({ rowNumber }) => rowNumber)).toEqual([2, 3]);
    expect(response.headers.get("location")).toBe(`/bulk-import/jobs/${body.jobId}`);
    const [job] = await jobs();
    expect(job).toMatchObject({
      id: body.jobId,
      file_name: "watched.csv",
      uploaded_by: "api:script",
      dry_run: false,
      skip_duplicates: true,
      catalogue: "builtin",
      source: "letterboxd",
    });
    expect(
      Buffer.from(
        (await app.db.selectFrom("import_files").selectAll().executeTakeFirstOrThrow()).content,
      ).toString(),
    ).toBe(bad);
    const audit = await app.db
      .selectFrom("audit_log")
      .selectAll()
      .where("action", "=", "import.create")
      .execute();
    expect(audit).toMatchObject([{ actor: "script", subject: `import:${body.jobId}` }]);
  });

  test("errors are the first hundred", async () => {
    const lines = Array.from({ length: 130 }, (_, at) => `2026-02-30,Film ${at},1999,x`);
    const response = await app.upload(csv("2024-02-08,The Matrix,1999,x", ...lines));
    const { validation } = importAccepted.parse(await response.json());
    expect(validation).toMatchObject({ valid: 1, invalid: 130 });
    expect(validation.errors).toHaveLength(100);
  });

  test.each([
    ["true", true],
    ["TRUE", true],
    ["1", true],
    ["on", true],
    ["false", false],
    ["0", false],
    ["", false],
  ])("dryRun=%s is %s", async (dryRun, stored) => {
    expect((await app.upload(good, { dryRun })).status).toBe(202);
    expect(await jobs()).toMatchObject([{ dry_run: stored, skip_duplicates: true }]);
  });

  test("skipDuplicates, source and series are obeyed", async () => {
    const response = await app.upload(
      good,
      { skipDuplicates: "false", source: "letterboxd" },
      { path: "/bulk-import/shows" },
    );
    expect(response.status).toBe(202);
    expect(await jobs()).toMatchObject([{ skip_duplicates: false, type: "shows" }]);
  });

  test("a body whose last line break comes by itself is whole", async () => {
    const boundary = "xyz";
    const parts = [
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="watched.csv"\r\ncontent-type: text/csv\r\n\r\n${good}\r\n--${boundary}--`,
      "\r\n",
    ];
    const encoder = new TextEncoder();
    let pulled = 0;
    const body = new ReadableStream({
      async pull(controller) {
        const part = parts[pulled];
        pulled += 1;
        if (part === undefined) return controller.close();
        controller.enqueue(encoder.encode(part));
        // The server must see the two as two pieces: it answers /healthz only after it has read the first.
        await fetch(`${app.origin}/healthz`);
      },
    });
    const response = await app.call("/bulk-import/movies", {
      method: "POST",
      body,
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
      ...{ duplex: "half" },
    });
    expect(response.status).toBe(202);
  });
});

describe("what an upload's answer says of earlier imports", () => {
  const accepted = async (file: string, fields: Record<string, string> = {}) =>
    importAccepted.parse(await (await app.upload(file, fields)).json());

  test("I-14 the same file again names the import that had it", async () => {
    const first = await accepted(good);
    expect(first.sameFile).toEqual([]);
    const again = await accepted(good);
    expect(again.jobId).not.toBe(first.jobId);
    expect(again.sameFile).toMatchObject([
      { jobId: first.jobId, href: `/bulk-import/jobs/${first.jobId}`, status: "queued", undone: false },
    ]);
  });

  test("I-13 a corrected failed-rows file gives the job that it repairs, and only once", async () => {
    const { jobId } = await accepted(csv("2024-02-08,The Matrix,19999,x", "2024-02-09,Alien,1979,x"));
    const text = await (await app.call(`/bulk-import/jobs/${jobId}/failed-rows.csv`)).text();
    const corrected = text.replace("19999", "1999");
    expect(await accepted(corrected)).toMatchObject({
      jobId,
      totalRows: 2,
      validation: { valid: 1, invalid: 0, errors: [] },
      repair: { replaced: 1, unchanged: 0, refused: [] },
    });
    expect(await accepted(corrected)).toMatchObject({
      jobId,
      validation: { valid: 0, invalid: 1, errors: [{ rowNumber: 1, code: "ROW_NOT_FAILED" }] },
      repair: { replaced: 0 },
    });
    expect(await jobs()).toMatchObject([{ id: jobId, failed_rows: 0 }]);
    expect((await accepted(corrected, { repairs: "no" })).jobId).not.toBe(jobId);
    expect(await errorOf(await app.upload(corrected, { repairs: "nonsense" }))).toMatchObject({
      code: "IMPORT_NOT_FOUND",
    });
    const audit = await app.db
      .selectFrom("audit_log")
      .select(["subject", "details"])
      .where("action", "=", "import.repair")
      .execute();
    expect(audit).toHaveLength(2);
  });
});

describe("Idempotency-Key", () => {
  const headers = { "idempotency-key": "4f1c-one" };

  test("ten at once make one job, and all get the same answer", async () => {
    const bad = csv("2024-02-08,The Matrix,1999,x", "2026-02-30,Alien,1979,x");
    const responses = await Promise.all(Array.from({ length: 10 }, () => app.upload(bad, {}, { headers })));
    expect(responses.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const bodies = await Promise.all(
      responses.map(async (response) => importAccepted.parse(await response.json())),
    );
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(bodies[0]?.validation).toMatchObject({ valid: 1, invalid: 1, errors: [{ rowNumber: 2 }] });
    expect(await jobs()).toHaveLength(1);
    expect(await numberOf("import_rows")).toBe(2);
    expect(await numberOf("graphile_worker.jobs")).toBe(1);
  });

  test("with another file or other options it is refused, naming the job", async () => {
    const first = importAccepted.parse(await (await app.upload(good, {}, { headers })).json());
    for (const again of [
      app.upload(csv("2024-02-08,Heat,1995,x"), {}, { headers }),
      app.upload(good, { dryRun: "true" }, { headers }),
    ]) {
      const response = await again;
      expect(response.status).toBe(422);
      expect(await errorOf(response)).toMatchObject({
        code: "IDEMPOTENCY_KEY_REUSED",
        details: { jobId: first.jobId },
      });
    }
    expect(await jobs()).toHaveLength(1);
  });

  test("while an earlier request is being taken in for long: 409, and nothing is stored twice", async () => {
    const pool = new pg.Pool({
      connectionString: app.url,
      options: "-c timezone=UTC -c statement_timeout=300",
    });
    const impatient = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const earlier = await app.db.startTransaction().execute();
    await earlier
      .insertInto("import_jobs")
      .values({
        type: "movies",
        source: "letterboxd",
        format: "letterboxd-watched",
        file_name: "watched.csv",
        file_bytes: 1,
        file_sha256: "x",
        parse_options: "{}",
        columns: [],
        uploaded_by: "api:script",
        idempotency_key: headers["idempotency-key"],
      })
      .execute();
    changeApp({ ...app, db: impatient, pool }, app.config, {});
    const response = await app.upload(good, {}, { headers });
    changeApp(app, app.config, {});
    await earlier.rollback().execute();
    await impatient.destroy();
    expect([response.status, response.headers.get("retry-after")]).toEqual([409, "5"]);
    expect((await errorOf(response)).code).toBe("REQUEST_IN_PROGRESS");
    expect(await jobs()).toEqual([]);
  });

  test("a refused file does not use the key up", async () => {
    expect((await app.upload("", {}, { headers })).status).toBe(422);
    expect((await app.upload(good, {}, { headers })).status).toBe(202);
  });
});
