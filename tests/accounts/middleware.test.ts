import { beforeEach, describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey, revokeApiKey } from "#app/accounts/api-keys.server.ts";
import { confirmedSessions } from "#app/accounts/confirmed-sessions.server.ts";
import { createOperator } from "#app/accounts/operators.server.ts";
import { sessionCookieHeader } from "#app/accounts/session-of-request.server.ts";
import { createSession } from "#app/accounts/sessions.server.ts";
import { provideAppContext } from "#app/context.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { logger } from "#app/logger.server.ts";
import { type Access, accessTo } from "#app/middleware/access.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import {
  actorContext,
  clientAddressContext,
  operatorContext,
  requestIdContext,
  requireActor,
  requireOperator,
} from "#app/middleware/request-context.server.ts";
import { cspNonceContext } from "#app/ui/csp.ts";
import { changeApp, codeOf, cookieOf, testApp, throughMiddleware } from "#tests/accounts/app.ts";
import { testDatabase } from "#tests/setup/database.ts";

const database = await testDatabase();
const { db } = database;
const app = testApp(database, { API_RATE_LIMIT: "5/60s" });
const by = { actor: systemActor("test") };
const anna = await createOperator(db, { email: "anna@example.org", password: "tr0mbone-Lagoon" }, by);
const site = "http://desk.test";
const session = await createSession(db, { operatorId: anna.id, userAgent: null, clientAddress: null });
const cookie = cookieOf(sessionCookieHeader(new Request(site), session));
const { key } = await createApiKey(db, { name: "script", createdBy: by.actor });

beforeEach(async () => {
  confirmedSessions.forget();
  changeApp(database, app, {});
  await db.deleteFrom("request_limits").execute();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  new Request(`${site}${path}`, { headers });
const post = (path: string, headers: Record<string, string> = {}, method = "POST") =>
  new Request(`${site}${path}`, { method, headers, body: "a=1" });

describe("A-03 origin check", () => {
  const own = { "sec-fetch-site": "same-origin" };
  test.each<[string, Record<string, string>, boolean]>([
    ["from our page", own, true],
    ["typed by the user", { "sec-fetch-site": "none" }, true],
    ["from another site", { "sec-fetch-site": "cross-site", origin: site }, false],
    ["from a sibling host", { "sec-fetch-site": "same-site", origin: "http://www.desk.test" }, false],
    ["from an old browser, our origin", { origin: site }, true],
    ["from an old browser, another origin", { origin: "http://evil.example" }, false],
    ["our host on another port", { origin: "http://desk.test:81" }, false],
    ["our host over another protocol", { origin: "https://desk.test" }, false],
    ["from a sandboxed frame", { origin: "null" }, false],
    ["without any mark", {}, false],
    ["an unknown mark", { "sec-fetch-site": "galaxy", origin: site }, false],
  ])("a mutation %s", async (_, headers, passes) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      for (const path of ["/imports/new", "/imports/new.data", "/imports/check"]) {
        const { response } = await throughMiddleware(post(path, { cookie, ...headers }, method));
        expect([method, path, response.status]).toEqual([method, path, passes ? 200 : 403]);
        if (!passes) expect(await codeOf(response)).toBe("FOREIGN_ORIGIN");
      }
    }
  });

  test("reading is not asked where it comes from", async () => {
    const { response } = await throughMiddleware(get("/imports", { cookie, "sec-fetch-site": "cross-site" }));
    expect(response.status).toBe(200);
  });

  test("APP_URL is our origin, not the address that a proxy calls us at", async () => {
    changeApp(database, app, { APP_URL: "http://films.example" });
    const from = async (origin: string) =>
      (await throughMiddleware(post("/imports/new", { cookie, origin }))).response.status;
    expect(await from("http://films.example")).toBe(200);
    expect(await from(site)).toBe(403);
  });

  test("signing in is checked as well", async () => {
    const { response } = await throughMiddleware(post("/sign-in", { origin: "http://evil.example" }));
    expect(response.status).toBe(403);
  });

  const api = "/bulk-import/movies";
  test.each<[string, Record<string, string>, number, string | null]>([
    ["a key and nothing else", { authorization: `Bearer ${key}` }, 200, null],
    ["a key, from a script on another site", { "x-api-key": key, origin: "http://evil.example" }, 200, null],
    [
      "a key and a cookie, from another site",
      { "x-api-key": key, cookie, origin: "http://evil.example" },
      403,
      "FOREIGN_ORIGIN",
    ],
    ["a key and a cookie, from our page", { "x-api-key": key, cookie, ...own }, 200, null],
    ["a cookie alone, from our page", { cookie, ...own }, 401, "NO_API_KEY"],
    ["nothing", {}, 401, "NO_API_KEY"],
    ["no key, from another site", { origin: "http://evil.example" }, 403, "FOREIGN_ORIGIN"],
  ])("the machine API with %s", async (_, headers, status, code) => {
    const { response } = await throughMiddleware(post(api, headers));
    expect(response.status).toBe(status);
    if (code) expect(await codeOf(response)).toBe(code);
  });
});

describe("A-02 who may come in", () => {
  test.each<[string, Access]>([
    ["/", "operator"],
    ["/imports", "operator"],
    ["/imports/7/file", "operator"],
    ["/settings", "operator"],
    ["/whatever/comes/later", "operator"],
    ["/moviestars", "operator"],
    ["/sign-in/extra", "operator"],
    ["/sign-in", "open"],
    ["/set-up", "open"],
    ["/healthz", "open"],
    ["/readyz/", "open"],
    ["/bulk-import/jobs/7/rows", "key"],
    ["/media", "key"],
    ["/movies/7", "key"],
    ["/metrics", "key"],
    ["/openapi.json", "operator or key"],
    ["/docs/api", "operator"],
  ])("%s: %s", (path, access) => {
    expect(accessTo(path)).toBe(access);
  });

  test("an operator comes in, and is known further in", async () => {
    const { response, context } = await throughMiddleware(
      get("/imports", { cookie, "x-reeldesk-client-address": "::ffff:192.0.2.7" }),
      (inside) => new Response(`${requireOperator(inside).email} ${requireActor(inside).type}`),
    );
    expect(await response.text()).toBe("anna@example.org operator");
    expect(context.get(operatorContext)?.id).toBe(anna.id);
    expect(context.get(clientAddressContext)).toBe("192.0.2.7");
  });

  test("without a session a page leads to sign-in and back", async () => {
    for (const path of ["/imports?status=failed", "/imports.data?status=failed"]) {
      const { response } = await throughMiddleware(get(path));
      expect([response.status, response.headers.get("location")]).toEqual([
        302,
        "/sign-in?next=%2Fimports%3Fstatus%3Dfailed",
      ]);
    }
  });

  test("without a session a mutation is refused, says nothing was lost, and reads nothing", async () => {
    const request = post("/imports/new", { "sec-fetch-site": "same-origin" });
    const { response } = await throughMiddleware(request);
    expect(response.status).toBe(401);
    const { error } = await response.json();
    expect(error.code).toBe("NOT_SIGNED_IN");
    expect(error.message).toMatch(/Nothing was lost.*another tab/);
    expect(request.bodyUsed).toBe(false);
  });

  test.each(["reeldesk=", "reeldesk=forged.forged", `reeldesk=${"A".repeat(43)}.${"A".repeat(43)}`])(
    "the cookie %s is none",
    async (forged) => {
      const { response } = await throughMiddleware(get("/imports", { cookie: forged }));
      expect(response.status).toBe(302);
    },
  );

  test("open pages are open, and know an operator when they see one", async () => {
    const outside = await throughMiddleware(get("/sign-in"));
    expect([outside.response.status, outside.context.get(actorContext)]).toEqual([200, null]);
    const inside = await throughMiddleware(get("/sign-in", { cookie }));
    expect(inside.context.get(operatorContext)?.email).toBe("anna@example.org");
  });

  test("the guards hold where the middleware was forgotten", async () => {
    const { context } = await throughMiddleware(get("/sign-in"));
    expect(() => requireOperator(context)).toThrow(AppError);
    expect(() => requireActor(context)).toThrow(AppError);
  });
});

describe("A-02 machine API", () => {
  test("a key is an actor, in either header", async () => {
    const both: Record<string, string>[] = [{ authorization: `bearer  ${key}` }, { "x-api-key": ` ${key} ` }];
    for (const headers of both) {
      const { response, context } = await throughMiddleware(get("/media", headers));
      expect(response.status).toBe(200);
      expect(context.get(actorContext)).toMatchObject({ type: "api_key", name: "script" });
      expect(context.get(operatorContext)).toBeNull();
    }
  });

  test("no key, a wrong key, a revoked key", async () => {
    const old = await createApiKey(db, { name: "old", createdBy: by.actor });
    await revokeApiKey(db, { name: "old" }, by.actor);
    const answer = async (headers: Record<string, string>) => {
      const { response } = await throughMiddleware(get("/media", headers));
      return [response.status, await codeOf(response), response.headers.get("www-authenticate") !== null];
    };
    expect(await answer({})).toEqual([401, "NO_API_KEY", true]);
    expect(await answer({ cookie })).toEqual([401, "NO_API_KEY", true]);
    expect(await answer({ authorization: "Basic abc" })).toEqual([401, "NO_API_KEY", true]);
    expect(await answer({ "x-api-key": `${key}x` })).toEqual([401, "BAD_API_KEY", true]);
    expect(await answer({ "x-api-key": "x".repeat(100_000) })).toEqual([401, "BAD_API_KEY", true]);
    expect(await answer({ "x-api-key": old.key })).toEqual([403, "API_KEY_REVOKED", false]);
  });

  test("the limit is per key, and says when to come again", async () => {
    const other = await createApiKey(db, { name: "other", createdBy: by.actor });
    const statuses = [];
    for (let times = 0; times < 6; times++)
      statuses.push((await throughMiddleware(get("/media", { "x-api-key": key }))).response.status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const { response } = await throughMiddleware(get("/media", { "x-api-key": key }));
    const retryAfter = Number(response.headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(12);
    expect(await codeOf(response)).toBe("TOO_MANY_REQUESTS");
    expect((await throughMiddleware(get("/media", { "x-api-key": other.key }))).response.status).toBe(200);
  });

  test("the API's description is for both", async () => {
    const path = "/openapi.json";
    expect((await throughMiddleware(get(path, { "x-api-key": key }))).response.status).toBe(200);
    expect((await throughMiddleware(get(path, { cookie }))).response.status).toBe(200);
    expect((await throughMiddleware(get(path))).response.status).toBe(302);
  });
});

describe("A-03 answers", () => {
  const html = () => new Response("<p>", { headers: { "content-type": "text/html; charset=utf-8" } });

  test("every answer is named and hardened", async () => {
    const { response, context } = await throughMiddleware(get("/imports", { cookie }), html);
    expect(response.headers.get("x-request-id")).toBe(context.get(requestIdContext));
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("strict-transport-security")).toBeNull();
    const nonce = context.get(cspNonceContext);
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(response.headers.get("content-security-policy")).toContain(`script-src 'self' 'nonce-${nonce}'`);
  });

  test("no two answers share a nonce", async () => {
    const nonces = new Set<string>();
    for (let times = 0; times < 20; times++)
      nonces.add((await throughMiddleware(get("/sign-in"), html)).context.get(cspNonceContext));
    expect(nonces.size).toBe(20);
  });

  test("refusals are named and hardened too", async () => {
    for (const request of [get("/imports"), get("/media"), post("/imports")]) {
      const { response } = await throughMiddleware(request);
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
  });

  test("https is to be kept", async () => {
    changeApp(database, app, { APP_URL: "https://films.example" });
    const { response } = await throughMiddleware(get("/sign-in"));
    expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
  });

  test("headers of answers that cannot be changed are kept", async () => {
    const { response } = await throughMiddleware(get("/imports", { cookie }), () =>
      Response.redirect(`${site}/x`, 303),
    );
    expect([response.status, response.headers.get("location")]).toEqual([303, `${site}/x`]);
    expect(response.headers.get("x-request-id")).not.toBeNull();
  });

  test("a door gives expected failures their status and sentence", async () => {
    const refuse = door(() => {
      throw new AppError("JOB_NOT_FOUND", 404, "There is no such import.", { jobId: "7" });
    });
    const { response } = await throughMiddleware(get("/imports/7", { cookie }), refuse);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: "JOB_NOT_FOUND", message: "There is no such import.", details: { jobId: "7" } },
    });
  });

  test("a door does not touch what is a bug", async () => {
    const bug = new TypeError("undefined is not a function");
    await expect(door(() => Promise.reject(bug))()).rejects.toBe(bug);
    await expect(actionDoor(() => Promise.reject(bug))()).rejects.toBe(bug);
  });

  test("an action's refusal is data, so that the form stays", async () => {
    const refuse = actionDoor(() => {
      throw new AppError("NAME_MISSING", 422, "Give it a name.", { field: "name" });
    });
    expect(await refuse()).toMatchObject({
      data: { error: { code: "NAME_MISSING", details: { field: "name" } } },
      init: { status: 422 },
    });
  });

  test("what React Router says when the machine API breaks becomes JSON", async () => {
    const broken = () =>
      new Response("Unexpected Server Error", { status: 500, headers: { "content-type": "text/plain" } });
    const { response } = await throughMiddleware(get("/media", { "x-api-key": key }), broken);
    expect(response.status).toBe(500);
    expect(await codeOf(response)).toBe("INTERNAL_ERROR");
  });

  test("a database that is away is 503 with Retry-After, and health still answers", async () => {
    const gone = createDatabase("postgres://nobody@127.0.0.1:1/nothing");
    provideAppContext({ db: gone.db, pool: gone.pool, config: app, logger });
    try {
      for (const request of [get("/imports", { cookie }), get("/media", { "x-api-key": key })]) {
        const { response } = await throughMiddleware(request);
        expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
        expect(await codeOf(response)).toBe("DATABASE_AWAY");
      }
      expect((await throughMiddleware(get("/healthz"))).response.status).toBe(200);
    } finally {
      await gone.close();
    }
  });
});
