import { connect } from "node:net";
import { beforeEach, describe, expect, test } from "vitest";
import { csv, csvFile, errorOf, formOf, HEADER, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const good = csv(
  "2024-02-08,The Matrix,1999,https://boxd.it/2a1m",
  "2024-02-09,Alien,1979,https://boxd.it/2awY",
);

/** Sends a form without a Content-Length. */
async function chunked(form: FormData): Promise<Response> {
  const { body, headers } = new Response(form);
  return app.call("/bulk-import/movies", {
    method: "POST",
    body,
    headers: { "content-type": headers.get("content-type") ?? "" },
    ...{ duplex: "half" },
  });
}

const numberOf = async (relation: string) => (await app.pool.query(`select 1 from ${relation}`)).rowCount;

/** Nothing of a refused upload may stay: no job, row, file or queue job. */
async function expectNothingStored() {
  for (const relation of ["import_jobs", "import_rows", "import_files", "graphile_worker.jobs"])
    expect([relation, await numberOf(relation)]).toEqual([relation, 0]);
}

beforeEach(async () => {
  await app.db.deleteFrom("import_jobs").execute();
  await app.pool.query("delete from graphile_worker._private_jobs");
});

describe("I-18 limits and bad uploads", () => {
  const big = `${HEADER}\n${"2024-02-08,The Matrix,1999,https://boxd.it/2a1m\n".repeat(2_500)}`;

  test.each<[string, number, string, () => Promise<Response>]>([
    [
      "no file",
      400,
      "NO_FILE",
      () => app.call("/bulk-import/movies", { method: "POST", body: formOf(null, { source: "auto" }) }),
    ],
    [
      "a file in another field",
      400,
      "NO_FILE",
      () => {
        const form = new FormData();
        form.append("csv", csvFile(good));
        return app.call("/bulk-import/movies", { method: "POST", body: form });
      },
    ],
    [
      "a text field called file",
      400,
      "NO_FILE",
      () => app.call("/bulk-import/movies", { method: "POST", body: formOf(null, { file: good }) }),
    ],
    [
      "a form without a chosen file",
      400,
      "NO_FILE",
      () => app.upload(new File([], "", { type: "application/octet-stream" })),
    ],
    [
      "two files",
      400,
      "TOO_MANY_FILES",
      () => {
        const form = formOf(csvFile(good));
        form.append("file", csvFile(good, "second.csv"));
        return app.call("/bulk-import/movies", { method: "POST", body: form });
      },
    ],
    [
      "two files of unstated length that are too large together",
      400,
      "TOO_MANY_FILES",
      () => {
        const form = formOf(csvFile(big.slice(0, 99_000)));
        form.append("file", csvFile(big.slice(0, 99_000), "second.csv"));
        return chunked(form);
      },
    ],
    [
      "a file of unstated length that is too large",
      413,
      "FILE_TOO_LARGE",
      () => chunked(formOf(csvFile(big))),
    ],
    ["a file that is too large", 413, "FILE_TOO_LARGE", () => app.upload(big)],
    ["a file that is far too large", 413, "FILE_TOO_LARGE", () => app.upload(big.repeat(20))],
    [
      "JSON",
      415,
      "NOT_MULTIPART",
      () =>
        app.call("/bulk-import/movies", {
          method: "POST",
          body: "{}",
          headers: { "content-type": "application/json" },
        }),
    ],
    ["no body", 415, "NOT_MULTIPART", () => app.call("/bulk-import/movies", { method: "POST" })],
    [
      "a bare CSV",
      415,
      "NOT_MULTIPART",
      () =>
        app.call("/bulk-import/movies", {
          method: "POST",
          body: good,
          headers: { "content-type": "text/csv" },
        }),
    ],
    [
      "multipart without boundary",
      415,
      "NOT_MULTIPART",
      () =>
        app.call("/bulk-import/movies", {
          method: "POST",
          body: "x",
          headers: { "content-type": "multipart/form-data" },
        }),
    ],
    [
      "a body that is no multipart",
      400,
      "MALFORMED_UPLOAD",
      () =>
        app.call("/bulk-import/movies", {
          method: "POST",
          body: "hello",
          headers: { "content-type": "multipart/form-data; boundary=abc" },
        }),
    ],
    [
      "field names that are not UTF-8",
      400,
      "MALFORMED_UPLOAD",
      () =>
        app.call("/bulk-import/movies", {
          method: "POST",
          body: Buffer.from(
            '--abc\r\ncontent-disposition: form-data; name="\xe9"\r\n\r\nx\r\n--abc--\r\n',
            "latin1",
          ),
          headers: { "content-type": "multipart/form-data; boundary=abc" },
        }),
    ],
    [
      "a form of a thousand fields",
      400,
      "MALFORMED_UPLOAD",
      () => app.upload(good, Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`f${at}`, ""]))),
    ],
    [
      "a chunked body that ends too early",
      400,
      "UPLOAD_ABORTED",
      () =>
        app.call("/bulk-import/movies", {
          method: "POST",
          body: `--abc\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${good}`,
          headers: { "content-type": "multipart/form-data; boundary=abc" },
        }),
    ],
    [
      "another extension",
      415,
      "NOT_A_CSV",
      () => app.upload(csvFile(good, "films.json", "application/json")),
    ],
    ["an executable by name", 415, "NOT_A_CSV", () => app.upload(csvFile(good, "films.csv.exe"))],
    ["another type", 415, "NOT_A_CSV", () => app.upload(csvFile(good, "films.csv", "application/json"))],
    [
      "a zip",
      415,
      "ZIP_FILE",
      () =>
        app.upload(csvFile(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), "letterboxd.zip", "application/zip")),
    ],
    [
      "a gzip called .csv",
      415,
      "GZIP_FILE",
      () => app.upload(csvFile(new Uint8Array([0x1f, 0x8b, 8, 0]), "a.csv")),
    ],
    ["binary called .csv", 415, "NOT_TEXT", () => app.upload(csvFile(new Uint8Array(400).fill(7), "a.csv"))],
    ["an empty file", 422, "EMPTY_FILE", () => app.upload("")],
    ["a header only", 422, "NO_ROWS", () => app.upload(csv())],
    ["another header", 422, "HEADER_MISMATCH", () => app.upload("Foo,Bar\nx,y\n")],
    ["an unknown source", 400, "UNKNOWN_SOURCE", () => app.upload(good, { source: "myspace" })],
    [
      "a dryRun that is neither true nor false",
      400,
      "INVALID_INPUT",
      () => app.upload(good, { dryRun: "maybe" }),
    ],
    [
      "a misspelt field, which might have meant a dry run",
      400,
      "INVALID_INPUT",
      () => app.upload(good, { dryrun: "true" }),
    ],
    [
      "an empty Idempotency-Key",
      400,
      "INVALID_IDEMPOTENCY_KEY",
      () => app.upload(good, {}, { headers: { "idempotency-key": "" } }),
    ],
    [
      "an Idempotency-Key with spaces",
      400,
      "INVALID_IDEMPOTENCY_KEY",
      () => app.upload(good, {}, { headers: { "idempotency-key": "a b" } }),
    ],
    [
      "an Idempotency-Key of 256 characters",
      400,
      "INVALID_IDEMPOTENCY_KEY",
      () => app.upload(good, {}, { headers: { "idempotency-key": "k".repeat(256) } }),
    ],
    ["an unknown type", 404, "NOT_FOUND", () => app.upload(good, {}, { path: "/bulk-import/songs" })],
  ])("%s: %i %s, and nothing is stored", async (_, status, code, send) => {
    const response = await send();
    const error = await errorOf(response);
    expect([response.status, error.code]).toEqual([status, code]);
    expect(error.message).toMatch(/^[A-Z].*\.$|curl/);
    await expectNothingStored();
  });

  test("the limit is named, and the sources", async () => {
    expect(await errorOf(await app.upload(big))).toMatchObject({
      message: expect.stringContaining("97.7 KiB"),
      details: { maxBytes: 100_000 },
    });
    expect((await errorOf(await app.upload(good, { source: "myspace" }))).details).toEqual({
      sources: ["letterboxd", "netflix", "imdb", "tvtime", "simkl", "template", "auto"],
    });
  });

  test("a file of exactly the limit is taken", async () => {
    const row = "2024-02-08,The Matrix,1999,";
    const text = `${HEADER}\n${row}`;
    const padding = 100_000 - text.length - 1;
    // Cells are cut at no such length; the row is refused, the file is not.
    expect((await app.upload(`${text}${"x".repeat(padding)}\n`)).status).toBe(202);
  });

  test("a sender that ignores the answer until all is sent still reads it", async () => {
    // 8 MB without a Content-Length: far more than the sockets hold.
    const chunk = Buffer.from("x".repeat(64 * 1024));
    const head = [
      "POST /bulk-import/movies HTTP/1.1",
      `host: ${new URL(app.origin).host}`,
      `x-api-key: ${app.key}`,
      "content-type: multipart/form-data; boundary=abc",
      "transfer-encoding: chunked",
      "connection: close",
    ];
    const socket = connect(Number(new URL(app.origin).port), "127.0.0.1");
    socket.pause();
    const send = (data: string | Buffer) =>
      new Promise<void>((resolve, reject) =>
        socket.write(data, (error) => (error ? reject(error) : resolve())),
      );
    await send(`${head.join("\r\n")}\r\n\r\n`);
    const part = '--abc\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
    await send(`${part.length.toString(16)}\r\n${part}\r\n`);
    for (let sent = 0; sent < 128; sent += 1) await send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    await send("0\r\n\r\n");
    let answer = "";
    for await (const data of socket) answer += data;
    expect(answer).toContain("413");
    expect(answer).toContain("FILE_TOO_LARGE");
    await expectNothingStored();
  });

  test("an upload that breaks off leaves nothing behind", async () => {
    const socket = connect(Number(new URL(app.origin).port), "127.0.0.1");
    const part = `--abc\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${good}`;
    const head = [
      "POST /bulk-import/movies HTTP/1.1",
      `host: ${new URL(app.origin).host}`,
      `x-api-key: ${app.key}`,
      "content-type: multipart/form-data; boundary=abc",
      "content-length: 90000",
    ];
    await new Promise<void>((resolve) =>
      socket.write(`${head.join("\r\n")}\r\n\r\n${part}`, () => resolve()),
    );
    socket.destroy();
    // The server goes on, and has nothing of it.
    expect((await fetch(`${app.origin}/healthz`)).status).toBe(200);
    await expectNothingStored();
  });
});
