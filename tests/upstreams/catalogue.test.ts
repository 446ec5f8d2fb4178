import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import * as catalogue from "#app/upstreams/catalogue/client.server.ts";
import { closeCircuit } from "#app/upstreams/circuit.server.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { type Sandbox, startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db } = await testDatabase();
const sandbox = await startSandbox();
afterAll(async () => {
  await flushCallLog();
  await sandbox.close();
});
const PLAIN: Parameters<Sandbox["control"]["configure"]>[0] = {
  envelope: false,
  errorsAs2xx: true,
  idempotency: true,
  rejectDuplicates: false,
};
beforeEach(async () => {
  await closeCircuit(db, "catalogue");
  await sql`truncate upstream_budgets, upstream_circuits, upstream_calls`.execute(db);
  sandbox.control.clearFaults();
  sandbox.control.clearCatalogue();
  sandbox.control.clearRequests();
  sandbox.control.configure(PLAIN);
});

const ctx = contextFor(db, sandbox);
const calls = () => sandbox.control.requests("catalogue");
const heat = { title: "Heat", year: 1995, viewingDate: "2026-01-02", tmdbId: 949, imdbId: "tt0113277" };

async function everything(media: catalogue.CatalogueMedia = "movie") {
  const pages: catalogue.RecordPage[] = [];
  for await (const page of catalogue.listRecords(ctx, media)) pages.push(page);
  return {
    pages: pages.length,
    records: pages.flatMap((page) => page.records),
    unreadable: pages.reduce((sum, page) => sum + page.unreadable, 0),
  };
}

describe("I-10 the remote catalogue", () => {
  it("writes a film with its idempotency key and gives its id", async () => {
    const written = await catalogue.createMovie(ctx, { ...heat, genre: null }, "key-1");
    const [record] = sandbox.control.catalogue().movies;
    expect(written).toEqual({ outcome: "written", recordId: String(record!.id) });
    expect(record).toMatchObject({ title: "Heat", year: 1995, tmdbId: 949 });
    expect(calls()).toMatchObject([{ method: "POST", idempotencyKey: "key-1" }]);
  });

  it("writes, changes and lists series", async () => {
    const show = { title: "Breaking Bad Season 1", showName: "Breaking Bad", seasonNumber: 1, tmdbId: 1396 };
    const written = await catalogue.createShow(ctx, show, "key-1");
    expect(written.outcome).toBe("written");
    const recordId = written.outcome === "written" ? written.recordId : "";
    await catalogue.updateShow(ctx, recordId, { imdbId: "tt0903747" }, "key-2");
    expect((await everything("tv")).records).toMatchObject([{ id: recordId, imdbId: "tt0903747" }]);
  });

  it("changes a film; one that is gone is refused", async () => {
    await catalogue.createMovie(ctx, heat, "key-1");
    const id = String(sandbox.control.catalogue().movies[0]!.id);
    await catalogue.updateMovie(ctx, id, { posterUrl: "https://example.org/p.jpg" }, "key-2");
    expect(sandbox.control.catalogue().movies[0]).toMatchObject({ posterUrl: "https://example.org/p.jpg" });
    sandbox.control.configure({ errorsAs2xx: false });
    const error = await failureOf(catalogue.updateMovie(ctx, "4711", { year: 1996 }, "key-3"));
    expect(error).toMatchObject({ code: "REFUSED", retryable: false, status: 404 });
  });

  it.each([true, false])("says that a record was there before (errors as 2xx: %s)", async (errorsAs2xx) => {
    sandbox.control.configure({ rejectDuplicates: true, errorsAs2xx });
    await catalogue.createMovie(ctx, heat, "key-1");
    expect(await catalogue.createMovie(ctx, heat, "key-2")).toEqual({ outcome: "exists" });
    expect(sandbox.control.catalogue().movies).toHaveLength(1);
  });

  it.each([true, false])(
    "a refusal is final and in the catalogue's words (as 2xx: %s)",
    async (errorsAs2xx) => {
      sandbox.control.configure({ errorsAs2xx });
      const error = await failureOf(catalogue.createMovie(ctx, { ...heat, title: " " }, "key-1"));
      expect(error).toMatchObject({ code: "REFUSED", retryable: false, outcomeUnknown: false });
      expect((error as UpstreamError).said).toBe("Title cannot be blank");
    },
  );

  it.each([
    ["the answer is lost after the write", { kind: "lostAnswer" }, "CONNECTION", 1],
    ["the answer breaks off", { kind: "truncate" }, "CONNECTION", 1],
    ["the connection is reset", { kind: "reset" }, "CONNECTION", 0],
    ["no answer comes", { kind: "hang" }, "TIMEOUT", 0],
    ["the answer drips", { kind: "drip", bytes: 1, everyMs: 50 }, "TIMEOUT", 1],
    ["the answer is garbage", { kind: "garbage" }, "BAD_ANSWER", 0],
    ["the answer has another shape", { kind: "status", status: 200, body: { ok: true } }, "BAD_ANSWER", 0],
    ["it answers 500", { kind: "status", status: 500 }, "HTTP_5XX", 0],
  ] as const)(
    "when %s the outcome is unknown, nothing is sent twice by itself, and the same key settles it",
    async (_name, fault, code, effects) => {
      sandbox.control.addFault({ service: "catalogue", times: 1, fault });
      const impatient = { ...ctx, deadlines: { totalMs: 300 } };
      const error = await failureOf(catalogue.createMovie(impatient, heat, "key-1"));
      expect(error).toBeInstanceOf(UpstreamError);
      expect(error).toMatchObject({ code, outcomeUnknown: true, retryable: true });
      expect(calls()).toHaveLength(1);
      expect(sandbox.control.catalogue().movies).toHaveLength(effects);
      expect((await catalogue.createMovie(ctx, heat, "key-1")).outcome).toBe("written");
      expect(sandbox.control.catalogue().movies).toHaveLength(1);
    },
  );

  it("a write that never left has certainly not happened", async () => {
    const nobody = contextFor(db, sandbox, { CATALOGUE_URL: "http://127.0.0.1:1" });
    const error = await failureOf(catalogue.createMovie(nobody, heat, "key-1"));
    expect(error).toMatchObject({ code: "CONNECTION", detail: "ECONNREFUSED", outcomeUnknown: false });
  });

  it("a write that is still running under its key is unknown, not refused", async () => {
    sandbox.control.addFault({
      service: "catalogue",
      fault: { kind: "status", status: 409, body: { error: "A request with this key is in progress" } },
    });
    const error = await failureOf(catalogue.createMovie(ctx, heat, "key-1"));
    expect(error).toMatchObject({ code: "REFUSED", retryable: true, outcomeUnknown: true });
  });

  it.each(["bare array", "pages"])(
    "lists everything (%s), with duplicates told apart by id",
    async (form) => {
      sandbox.control.configure({ envelope: form === "pages" });
      for (let index = 0; index < 120; index += 1)
        await catalogue.createMovie(ctx, { ...heat, title: `Film ${index}` }, `key-${index}`);
      const all = await everything();
      expect(all.pages).toBe(form === "pages" ? 3 : 1);
      expect(new Set(all.records.map((record) => record.id)).size).toBe(120);
      expect(all.records[0]).toMatchObject({ viewingDate: "2026-01-02", tmdbId: 949, imdbId: "tt0113277" });
    },
  );

  const listAnswer = (body: unknown) =>
    sandbox.control.addFault({
      service: "catalogue",
      match: { method: "GET" },
      fault: { kind: "status", status: 200, body },
    });

  it("reads records of every age, and counts those without an id", async () => {
    listAnswer([
      {
        id: "a1",
        title: "Old",
        year: "1995",
        viewingDate: "2026-01-02T00:00:00.000Z",
        imdbRating: "0.0",
        tmdbId: "",
      },
      { title: "No id" },
      null,
    ]);
    const all = await everything();
    expect(all.unreadable).toBe(2);
    expect(all.records).toMatchObject([{ id: "a1", year: 1995, viewingDate: "2026-01-02", tmdbId: null }]);
  });

  it("a wrong address is not an empty catalogue", async () => {
    const wrong = contextFor(db, sandbox, { CATALOGUE_URL: `${sandbox.catalogueUrl}/api` });
    const error = await failureOf(catalogue.listRecords(wrong, "movie").next());
    expect(error).toMatchObject({ code: "REFUSED", status: 404 });
  });

  it("sends its key to no address that a page names elsewhere", async () => {
    listAnswer({ data: [], links: { next: "http://169.254.169.254/latest" } });
    expect(await failureOf(everything())).toMatchObject({ code: "BAD_ANSWER", detail: "FOREIGN_ADDRESS" });
    expect(calls()).toHaveLength(1);
  });

  it("ends when pages name one another for ever", async () => {
    listAnswer({ data: [], links: { next: "/catalogue/movies?page=2" } });
    expect(await failureOf(everything())).toMatchObject({ code: "BAD_ANSWER", detail: "ENDLESS_PAGES" });
    expect(calls()).toHaveLength(2);
  });

  it.each([
    ["401", { status: 401, body: { error: "Invalid apikey" } }],
    ["400", { status: 400, body: { error: "Apikey cannot be blank" } }],
    ["200", { status: 200, body: { error: "Invalid apikey" } }],
  ])(
    "a refused key (%s) pauses the catalogue, and the echo of the key stays out of sight",
    async (_name, answer) => {
      sandbox.control.addFault({ service: "catalogue", fault: { kind: "status", ...answer } });
      const error = await failureOf(catalogue.createMovie(ctx, heat, "key-1"));
      expect(error).toMatchObject({ name: "UpstreamPaused", reasonCode: "KEY_REFUSED" });
      await failureOf(catalogue.createMovie(ctx, heat, "key-1"));
      expect(calls()).toHaveLength(1);
    },
  );

  it("takes a key that is echoed out of the catalogue's words", async () => {
    const error = `Cannot take ${sandbox.keys.catalogue} now`;
    sandbox.control.addFault({
      service: "catalogue",
      fault: { kind: "status", status: 422, body: { error } },
    });
    const fault = await failureOf(catalogue.createMovie(ctx, heat, "key-1"));
    expect(fault).toMatchObject({ said: "Cannot take [redacted] now" });
  });

  it("a 429 pauses it for everybody until the time it names", async () => {
    sandbox.control.addFault({
      service: "catalogue",
      times: 1,
      fault: { kind: "status", status: 429, headers: { "retry-after": "120" } },
    });
    await failureOf(catalogue.createMovie(ctx, heat, "key-1"));
    const error = await failureOf(catalogue.createMovie(ctx, heat, "key-1"));
    expect(error).toMatchObject({ name: "UpstreamPaused", reasonCode: "RATE_LIMITED" });
    expect(calls()).toHaveLength(1);
  });

  it("is off when none is configured", async () => {
    const off = contextFor(db, sandbox, { CATALOGUE_URL: "", CATALOGUE_API_KEY: "" });
    const error = await failureOf(catalogue.createMovie(off, heat, "key-1"));
    expect(error).toMatchObject({ code: "UPSTREAM_OFF" });
  });
});
