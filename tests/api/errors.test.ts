import { describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey, revokeApiKey } from "#app/accounts/api-keys.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { errorAnswer } from "#app/imports/import-answers.ts";
import { changeApp } from "#tests/accounts/app.ts";
import { errorOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const NOBODY = "00000000-0000-4000-8000-000000000000";

describe("errors of the machine API", () => {
  const paths = ["", "/rows", "/failed-rows.csv"];
  test.each([
    NOBODY,
    "nonsense",
    "1",
    "%00",
    "%E0%A4%A",
    "..%2f..",
    "'; drop table import_jobs",
    "x".repeat(2000),
  ])("an unknown or malformed id is a 404 everywhere: %s", async (id) => {
    const answers = [
      ...paths.map((path) => app.call(`/bulk-import/jobs/${id}${path}`)),
      ...["cancel", "retry-failed"].map((path) =>
        app.call(`/bulk-import/jobs/${id}/${path}`, { method: "POST" }),
      ),
    ];
    for (const answer of answers) {
      const response = await answer;
      expect([response.status, (await errorOf(response)).code]).toEqual([404, "IMPORT_NOT_FOUND"]);
    }
  });

  test.each([
    "/bulk-import",
    "/bulk-import/",
    "/bulk-import/jobs/a/b/c",
    "/bulk-import/songs/1",
    "/media/1/nothing/here",
    "/metrics/x",
  ])("an unknown path is a 404 in JSON: %s", async (path) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const response = await app.call(path, { method });
      expect([response.status, (await errorOf(response)).code]).toEqual([404, "NOT_FOUND"]);
    }
  });

  test.each([
    ["/bulk-import/movies", ["GET", "PUT", "DELETE"], "POST"],
    ["/bulk-import/jobs", ["POST", "PATCH"], "GET, HEAD"],
    [`/bulk-import/jobs/${NOBODY}`, ["DELETE"], "GET, HEAD"],
    [`/bulk-import/jobs/${NOBODY}/rows`, ["POST"], "GET, HEAD"],
    [`/bulk-import/jobs/${NOBODY}/cancel`, ["GET"], "POST"],
    ["/healthz", ["POST"], "GET, HEAD"],
    ["/openapi.json", ["POST"], "GET, HEAD"],
  ])("a wrong method is a 405 that names the right one: %s", async (path, methods, allow) => {
    for (const method of methods) {
      const response = await app.call(path, { method, headers: { origin: app.origin } });
      expect([method, response.status, response.headers.get("allow")]).toEqual([method, 405, allow]);
      expect((await errorOf(response)).code).toBe("METHOD_NOT_ALLOWED");
    }
  });

  test("A-02 no key, a wrong key, a revoked key, a session instead of a key", async () => {
    const { key } = await createApiKey(app.db, { name: "gone", createdBy: systemActor("test") });
    await revokeApiKey(app.db, { name: "gone" }, systemActor("test"));
    const cases: [Record<string, string>, number, string][] = [
      [{}, 401, "NO_API_KEY"],
      [{ cookie: app.cookie }, 401, "NO_API_KEY"],
      [{ "x-api-key": "rd_wrong" }, 401, "BAD_API_KEY"],
      [{ authorization: "Bearer rd_wrong" }, 401, "BAD_API_KEY"],
      [{ authorization: `Bearer ${key}` }, 403, "API_KEY_REVOKED"],
    ];
    for (const [headers, status, code] of cases) {
      const response = await fetch(`${app.origin}/bulk-import/jobs`, { headers });
      expect([response.status, (await errorOf(response)).code]).toEqual([status, code]);
    }
    const bearer = await fetch(`${app.origin}/bulk-import/jobs`, {
      headers: { authorization: `Bearer ${app.key}` },
    });
    expect(bearer.status).toBe(200);
  });

  test("I-18 too many requests of one key: 429 with Retry-After", async () => {
    changeApp(app, app.config, { API_RATE_LIMIT: { requests: 2, perMs: 60_000 } });
    const { key } = await createApiKey(app.db, { name: "busy", createdBy: systemActor("test") });
    const answers: Response[] = [];
    for (let at = 0; at < 3; at += 1)
      answers.push(await fetch(`${app.origin}/bulk-import/jobs`, { headers: { "x-api-key": key } }));
    changeApp(app, app.config, {});
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]!.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await errorOf(answers[2]!)).code).toBe("TOO_MANY_REQUESTS");
  });

  test("A-03 a browser of another site cannot press anything", async () => {
    const response = await fetch(`${app.origin}/bulk-import/jobs/${NOBODY}/cancel`, {
      method: "POST",
      headers: { origin: "https://evil.example", cookie: app.cookie },
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([403, "FOREIGN_ORIGIN"]);
  });

  test("503 with Retry-After while the database is away", async () => {
    const away = createDatabase("postgres://nobody@127.0.0.1:1/none");
    changeApp({ ...app, db: away.db, pool: away.pool }, app.config, {});
    const requests = await Promise.all(
      ["/bulk-import/jobs", `/bulk-import/jobs/${NOBODY}`].map((path) => app.call(path)),
    );
    changeApp(app, app.config, {});
    await away.close();
    for (const response of requests) {
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
      expect(errorAnswer.parse(await response.json()).error.code).toBe("DATABASE_AWAY");
    }
  });
});
