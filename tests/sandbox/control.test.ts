import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { startSandbox } from "#sandbox/server.ts";
import { call, runningSandbox, tmdb } from "./running-sandbox.ts";

const sandbox = await runningSandbox();
const steer = (method: string, path: string, body?: unknown) =>
  call(`${sandbox.url}/__sandbox${path}`, { method, body: body === undefined ? null : JSON.stringify(body) });

describe("Sandbox control over HTTP", () => {
  it("records requests without keys, and not its own", async () => {
    await call(tmdb(sandbox, "/search/movie", { query: "heat" }), { headers: { "idempotency-key": "k" } });
    await call(`${sandbox.omdbUrl}?apikey=${sandbox.keys.omdb}&t=heat`);
    const { requests } = (await steer("GET", "/requests")).body;
    expect(requests).toMatchObject([
      {
        service: "tmdb",
        method: "GET",
        path: "/search/movie",
        query: { query: "heat" },
        idempotencyKey: "k",
      },
      { service: "omdb", path: "/", query: { t: "heat" }, status: 200 },
    ]);
    expect(JSON.stringify(requests)).not.toContain(sandbox.keys.tmdb);
    expect((await steer("GET", "/requests?service=omdb")).body.requests).toHaveLength(1);
    await steer("DELETE", "/requests");
    expect((await steer("GET", "/requests")).body.requests).toEqual([]);
  });

  it("keeps no more requests than its bound", async () => {
    const small = await startSandbox({ rateLimit: null, requestsKept: 3 });
    for (let id = 1; id <= 10; id += 1) await fetch(tmdb(small, `/movie/${id}`));
    expect(small.control.requests().map((request) => request.path)).toEqual([
      "/movie/8",
      "/movie/9",
      "/movie/10",
    ]);
    await small.close();
  });

  it("adds and removes faults", async () => {
    const rule = { service: "tmdb", fault: { kind: "status", status: 500 } };
    const { ids } = (await steer("POST", "/faults", [rule, rule])).body;
    expect(ids).toHaveLength(2);
    expect((await fetch(tmdb(sandbox, "/movie/550"))).status).toBe(500);
    await steer("DELETE", `/faults?id=${ids[0]}`);
    expect((await steer("GET", "/faults")).body.faults).toMatchObject([{ id: ids[1], struck: 0 }]);
    await steer("DELETE", "/faults");
    expect((await fetch(tmdb(sandbox, "/movie/550"))).status).toBe(200);
  });

  it("changes settings and shows the catalogue", async () => {
    expect((await steer("POST", "/settings", { envelope: true })).body.envelope).toBe(true);
    expect((await call(`${sandbox.catalogueUrl}/movies`)).body).toEqual({ data: [], links: { next: null } });
    expect((await steer("GET", "/catalogue")).body).toEqual({ movies: [], shows: [] });
  });

  it.each([
    ["POST", "/faults", { service: "tmdb", fault: { kind: "nonsense" } }],
    ["POST", "/faults", { service: "tmdb", match: { path: "([" }, fault: { kind: "reset" } }],
    ["POST", "/settings", { nonsense: true }],
    ["GET", "/requests?service=nonsense", undefined],
  ])("refuses %s %s %o with the reason", async (method, path, body) => {
    const answer = await steer(method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toBeTypeOf("string");
  });
});

describe("Sandbox as a process", () => {
  it("prints one JSON line with its addresses and ends on SIGTERM, even with a request hanging", async () => {
    const child = spawn(process.execPath, ["sandbox/run.ts"], { env: { ...process.env, SANDBOX_PORT: "0" } });
    const [line] = await once(child.stdout.setEncoding("utf8"), "data");
    const printed = JSON.parse(line);
    expect(Object.keys(printed)).toEqual([
      "url",
      "tmdbUrl",
      "tmdbImageUrl",
      "omdbUrl",
      "tabstackUrl",
      "imdbUrl",
      "catalogueUrl",
      "keys",
    ]);
    await fetch(`${printed.url}/__sandbox/faults`, {
      method: "POST",
      body: JSON.stringify({ service: "tmdb", fault: { kind: "hang" } }),
    });
    const hanging = fetch(tmdb(printed, "/movie/550"));
    hanging.catch(() => undefined);
    await expect
      .poll(async () => (await call(`${printed.url}/__sandbox/requests`)).body.requests)
      .toHaveLength(1);
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    await expect(hanging).rejects.toThrow();
  });

  it("says which variable is wrong", async () => {
    const child = spawn(process.execPath, ["sandbox/run.ts"], {
      env: { ...process.env, SANDBOX_RATE_LIMIT: "many" },
    });
    const exited = once(child, "exit");
    const [text] = await once(child.stderr.setEncoding("utf8"), "data");
    expect(text).toContain("SANDBOX_RATE_LIMIT");
    expect((await exited)[0]).toBe(1);
  });
});
