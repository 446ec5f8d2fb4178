import { describe, expect, it } from "vitest";
import type { FaultRule } from "#sandbox/faults.ts";
import { call, runningSandbox, tmdb } from "./running-sandbox.ts";

const sandbox = await runningSandbox();
type Fault = FaultRule["fault"];
const strike = (fault: Fault, times?: number) => sandbox.control.addFault({ service: "tmdb", times, fault });
const ask = (signal?: AbortSignal) => fetch(tmdb(sandbox, "/movie/550"), { signal: signal ?? null });
const whole = async () => (await call(tmdb(sandbox, "/movie/550"))).body;

describe("Sandbox faults: each kind", () => {
  it("status: a status, body and headers of our choosing", async () => {
    strike({ kind: "status", status: 503, body: { status_code: 9 }, headers: { "retry-after": "7" } });
    const answer = await call(tmdb(sandbox, "/movie/550"));
    expect([answer.status, answer.body, answer.headers.get("retry-after")]).toEqual([
      503,
      { status_code: 9 },
      "7",
    ]);
  });

  it("delay: the right answer all the same", async () => {
    const usual = await whole();
    strike({ kind: "delay", ms: 20 });
    expect(await whole()).toEqual(usual);
    expect(sandbox.control.requests().map((request) => request.fault)).toEqual([null, "delay"]);
  });

  it("reset: no answer", async () => {
    strike({ kind: "reset" });
    await expect(ask()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  it("garbage: 200 and no JSON", async () => {
    strike({ kind: "garbage" });
    const response = await ask();
    expect(response.headers.get("content-type")).toContain("application/json");
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it("html: 200 and a page", async () => {
    strike({ kind: "html" });
    const response = await ask();
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html;charset=utf-8"]);
    expect(await response.text()).toMatch(/^<!doctype html>/);
  });

  it("truncate: fewer bytes than announced", async () => {
    strike({ kind: "truncate" });
    const response = await ask();
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
    await expect(response.text()).rejects.toThrow();
  });

  it("drip: the whole answer in pieces", async () => {
    const usual = await whole();
    strike({ kind: "drip", bytes: 400, everyMs: 1 });
    const response = await ask();
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body!) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(JSON.parse(Buffer.concat(pieces).toString())).toEqual(usual);
  });

  it("lostAnswer: the effect happens, the answer does not come", async () => {
    sandbox.control.addFault({ service: "catalogue", times: 1, fault: { kind: "lostAnswer" } });
    const post = () =>
      fetch(`${sandbox.catalogueUrl}/movies`, {
        method: "POST",
        headers: { apiKey: sandbox.keys.catalogue },
        body: JSON.stringify({ title: "Heat" }),
      });
    await expect(post()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(sandbox.control.catalogue().movies).toHaveLength(1);
  });

  it("hang: nothing until the client gives up", async () => {
    strike({ kind: "hang" });
    const giveUp = new AbortController();
    const asked = ask(giveUp.signal);
    await expect.poll(() => sandbox.control.requests().at(-1)?.fault).toBe("hang");
    giveUp.abort();
    await expect(asked).rejects.toThrow("aborted");
  });

  it("tooLarge: valid JSON of exactly so many bytes", async () => {
    strike({ kind: "tooLarge", bytes: 3_000_000 });
    const text = await (await ask()).text();
    expect(text).toHaveLength(3_000_000);
    expect(Object.keys(JSON.parse(text))).toEqual(["padding"]);
  });
});

describe("Sandbox faults: where and how often they strike", () => {
  const status = async (path: string, parameters = {}, init = {}) =>
    (await fetch(tmdb(sandbox, path, parameters), init)).status;
  const fault: Fault = { kind: "status", status: 500 };

  it("matches method, path prefix, path expression and parameters", async () => {
    sandbox.control.addFault({ service: "tmdb", match: { path: "/search" }, fault });
    sandbox.control.addFault({ service: "tmdb", match: { path: "^/movie/\\d+$" }, fault });
    sandbox.control.addFault({ service: "tmdb", match: { path: "/tv", query: { language: "de" } }, fault });
    sandbox.control.addFault({ service: "tmdb", match: { method: "post" }, fault });
    expect(await status("/search/movie", { query: "heat" })).toBe(500);
    expect(await status("/movie/550")).toBe(500);
    expect(await status("/movie/tt0137523")).toBe(200);
    expect(await status("/tv/1396")).toBe(200);
    expect(await status("/tv/1396", { language: "de" })).toBe(500);
    expect(await status("/configuration")).toBe(200);
    expect(await status("/configuration", {}, { method: "POST" })).toBe(500);
  });

  it("stops after its times, and the next rule takes over", async () => {
    strike(fault, 2);
    strike({ kind: "status", status: 502 }, 1);
    const statuses = [];
    for (let at = 0; at < 4; at += 1) statuses.push(await status("/movie/550"));
    expect(statuses).toEqual([500, 500, 502, 200]);
  });

  it("strikes by chance in the same order in every run", async () => {
    const run = async () => {
      const other = await (await import("#sandbox/server.ts")).startSandbox({ rateLimit: null, seed: 7 });
      other.control.addFault({ service: "tmdb", probability: 0.5, fault });
      const statuses: number[] = [];
      for (let at = 0; at < 24; at += 1) statuses.push((await fetch(tmdb(other, "/movie/550"))).status);
      await other.close();
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });

  it("leaves the other services alone", async () => {
    strike(fault);
    expect((await fetch(`${sandbox.omdbUrl}?apikey=${sandbox.keys.omdb}&i=tt0137523`)).status).toBe(200);
  });
});
