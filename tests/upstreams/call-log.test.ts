import { describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { flushCallLog, logCall } from "#app/upstreams/call-log.server.ts";
import { isOn, offSentence, SERVICES, serviceInfo } from "#app/upstreams/services.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();
const entry = {
  service: "tmdb",
  endpoint: "/search/movie",
  method: "GET",
  status: 200,
  errorCode: null,
  durationMs: 12.4,
  cached: false,
  attempt: 1,
} as const;

describe("T-06 the call log", () => {
  it("never fails its caller, and goes on when the database is back", async () => {
    const gone = createDatabase("postgres://nobody@127.0.0.1:1/none");
    for (let index = 0; index < 250; index += 1) logCall(gone.db, entry);
    await flushCallLog(gone.db);
    await gone.close();
    logCall(db, entry);
    await flushCallLog();
    const rows = await db.selectFrom("upstream_calls").select(["service", "duration_ms", "task"]).execute();
    expect(rows).toEqual([{ service: "tmdb", duration_ms: 12, task: null }]);
  });

  it("holds no more than it can: a flood beyond 10,000 lines is let go", async () => {
    for (let index = 0; index < 25_000; index += 1) logCall(db, { ...entry, endpoint: "/flood" });
    await flushCallLog(db);
    const rows = await db
      .selectFrom("upstream_calls")
      .select("id")
      .where("endpoint", "=", "/flood")
      .execute();
    expect(rows.length).toBeGreaterThanOrEqual(10_000);
    expect(rows.length).toBeLessThan(25_000);
  });
});

describe("J-09 what is on and what is off", () => {
  it.each(SERVICES)("%s says how to turn it on", (service) => {
    const { label, variables } = serviceInfo(service);
    expect(isOn(service, {})).toBe(false);
    expect(offSentence(service)).toContain(label);
    for (const variable of variables) expect(offSentence(service)).toContain(variable);
    const all = Object.fromEntries(variables.map((variable) => [variable, "x"]));
    expect(isOn(service, all)).toBe(true);
  });
});
