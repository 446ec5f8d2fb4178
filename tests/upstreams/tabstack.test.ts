import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { circuitStates, closeCircuit } from "#app/upstreams/circuit.server.ts";
import { extractJson } from "#app/upstreams/tabstack/client.server.ts";
import { tabstack } from "#app/upstreams/tabstack/definition.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db } = await testDatabase();
const sandbox = await startSandbox({ tabstackRateLimit: null });
afterAll(async () => {
  await flushCallLog();
  await sandbox.close();
});
beforeEach(async () => {
  await sql`truncate upstream_budgets, upstream_cache, upstream_circuits`.execute(db);
  // Forgets what this process knew of it, too.
  await closeCircuit(db, "tabstack");
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
  sandbox.control.configure({ tabstackRateLimit: null });
});

const ctx = contextFor(db, sandbox);
const pageOf = (imdbId: string) => `https://www.imdb.com/title/${imdbId}/quotes/`;
const jsonSchema = { type: "object", properties: { quotes: { type: "array" } } };
const shape = z.object({ quotes: z.array(z.unknown()) });
const extract = (pageUrl: string, context = ctx) => extractJson(context, { pageUrl, jsonSchema, shape });
const calls = () => sandbox.control.requests("tabstack");

function answerOnce(status: number, body?: unknown, headers?: Record<string, string>): void {
  const fault = { kind: "status" as const, status, body, ...(headers ? { headers } : {}) };
  sandbox.control.addFault({ service: "tabstack", times: 1, fault });
}

describe("Q-01 the Tabstack client", () => {
  it("gives the bare object of the answer", async () => {
    expect((await extract(pageOf("tt0133093")))?.quotes.length).toBeGreaterThan(5);
    expect((await extract(pageOf("tt0062622")))?.quotes).toEqual([]);
    expect(calls()).toMatchObject([
      { method: "POST", path: "/v1/extract/json", status: 200 },
      { status: 200 },
    ]);
  });

  it("takes 404 for a page that does not exist, and a page of HTML with 404 for a wrong address", async () => {
    expect(await extract(pageOf("tt0000001"))).toBeNull();
    answerOnce(404, "<html>Not here</html>");
    expect(await failureOf(extract(pageOf("tt0133093")))).toMatchObject({ code: "REFUSED", status: 404 });
  });

  it.each([
    [400, "url is required", "REFUSED", false],
    [422, "extraction failed", "REFUSED", true],
    [500, "failed to fetch URL", "HTTP_5XX", true],
    [503, "unavailable", "HTTP_5XX", true],
  ])("%i is said as it is, after one try", async (status, error, code, retryable) => {
    answerOnce(status, { error });
    expect(await failureOf(extract(pageOf("tt0133093")))).toMatchObject({
      service: "tabstack",
      code,
      status,
      retryable,
      outcomeUnknown: false,
    });
    expect(calls()).toHaveLength(1);
  });

  it.each([
    [401, "KEY_REFUSED"],
    [403, "KEY_REFUSED"],
    [402, "QUOTA_USED_UP"],
  ])("%i pauses everybody, and burns no attempt", async (status, reasonCode) => {
    answerOnce(status, { error: "no" });
    expect(await failureOf(extract(pageOf("tt0133093")))).toMatchObject({
      name: "UpstreamPaused",
      reasonCode,
    });
    expect(await circuitStates(db)).toMatchObject([{ service: "tabstack", state: "open", reasonCode }]);
    expect(await failureOf(extract(pageOf("tt0133093")))).toMatchObject({ name: "UpstreamPaused" });
    expect(calls()).toHaveLength(1);
  });

  it("429 holds everybody back for as long as it says", async () => {
    answerOnce(429, { error: "rate limit exceeded" }, { "retry-after": "30" });
    const error = await failureOf(extract(pageOf("tt0133093")));
    expect(error).toMatchObject({ name: "BudgetWait", reason: "BLOCKED", delayMs: 30_000 });
  });

  it.each([
    ["a page", { kind: "html" }],
    ["garbage", { kind: "garbage" }],
    ["half an answer", { kind: "truncate" }],
    ["an empty object", { kind: "status", status: 200, body: {} }],
    ["an envelope", { kind: "status", status: 200, body: { data: { quotes: [] } } }],
    ["null", { kind: "status", status: 200, body: { quotes: null } }],
  ] as const)("200 with %s is a fault of its own, never an empty page", async (_name, fault) => {
    sandbox.control.addFault({ service: "tabstack", times: 1, fault });
    const error = await failureOf(extract(pageOf("tt0133093")));
    expect(error).toMatchObject({ name: "UpstreamError", retryable: true });
  });

  it("takes an empty 202 for a robot check", async () => {
    answerOnce(202, "");
    expect(await failureOf(extract(pageOf("tt0133093")))).toMatchObject({ reasonCode: "CHALLENGED" });
  });

  it("can be broken off", async () => {
    sandbox.control.addFault({ service: "tabstack", times: 1, fault: { kind: "hang" } });
    const stop = new AbortController();
    const asked = failureOf(extract(pageOf("tt0133093"), { ...ctx, signal: stop.signal }));
    stop.abort(new Error("The worker stops."));
    expect(await asked).toMatchObject({ message: "The worker stops." });
  });

  it("has a budget of ten requests a minute, unless told otherwise", () => {
    expect(tabstack.budget(testConfig())).toEqual({ rate: { requests: 10, perMs: 60_000 } });
    expect(tabstack.budget(ctx.config)).toEqual({ rate: { requests: 1000, perMs: 1000 } });
  });

  it("is refused by the stand-in beyond that", async () => {
    sandbox.control.configure({ tabstackRateLimit: { requests: 1, perMs: 60_000 } });
    await extract(pageOf("tt0062622"));
    expect(await failureOf(extract(pageOf("tt0062622")))).toMatchObject({ name: "BudgetWait" });
    expect(calls()).toMatchObject([{ status: 200 }, { status: 429 }]);
  });
});
