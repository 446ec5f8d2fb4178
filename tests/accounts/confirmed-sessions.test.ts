import { beforeEach, describe, expect, it } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { ConfirmedSessions, confirmedSessions } from "#app/accounts/confirmed-sessions.server.ts";
import { createOperator, disableOperator } from "#app/accounts/operators.server.ts";
import { sessionCookieHeader } from "#app/accounts/session-of-request.server.ts";
import { createSession, endSession, revokeSession, revokeSessions } from "#app/accounts/sessions.server.ts";
import { withQueryCount } from "#app/db/query-count.server.ts";
import { operatorContext } from "#app/middleware/request-context.server.ts";
import { cookieOf, testApp, throughMiddleware } from "#tests/accounts/app.ts";
import { testDatabase } from "#tests/setup/database.ts";

const database = await testDatabase();
const { db } = database;
testApp(database);
const by = { actor: systemActor("test") };
const site = "http://desk.test";
const bert = await createOperator(db, { email: "bert@example.org", password: "tr0mbone-Lagoon" }, by);
let emails = 0;

beforeEach(() => confirmedSessions.forget());

/** A signed-in operator's browser. */
async function browser() {
  emails += 1;
  const email = `anna${emails}@example.org`;
  const operator = await createOperator(db, { email, password: "tr0mbone-Lagoon" }, by);
  const token = await createSession(db, { operatorId: operator.id, userAgent: null, clientAddress: null });
  const cookie = cookieOf(sessionCookieHeader(new Request(site), token));
  let sessionId = "";
  const send = async (method: string) => {
    let queries = 0;
    const { response, context } = await withQueryCount(
      () =>
        throughMiddleware(
          new Request(`${site}/queue`, {
            method,
            headers: { cookie, "sec-fetch-site": "same-origin" },
            ...(method === "POST" && { body: "a=1" }),
          }),
        ),
      (sent) => {
        queries = sent;
      },
    );
    sessionId = context.get(operatorContext)?.sessionId ?? sessionId;
    return { isIn: response.status === 200, queries };
  };
  return { operator, token, send, sessionId: () => sessionId };
}

describe("A-01 sessions that were confirmed lately", () => {
  it("are not asked for again by reads; mutations always ask", async () => {
    const { send } = await browser();
    expect(await send("GET")).toEqual({ isIn: true, queries: 1 });
    expect(await send("GET")).toEqual({ isIn: true, queries: 0 });
    expect(await send("POST")).toEqual({ isIn: true, queries: 1 });
    // A mutation may have ended any session.
    expect(await send("GET")).toEqual({ isIn: true, queries: 1 });
  });

  it.each<[string, (at: Awaited<ReturnType<typeof browser>>) => Promise<unknown>]>([
    ["signed out", ({ token }) => endSession(db, token)],
    ["revoked", ({ operator, sessionId }) => revokeSession(db, operator.id, sessionId())],
    ["revoked with all others", ({ operator }) => revokeSessions(db, operator.id)],
    [
      "whose operator was disabled",
      ({ operator }) =>
        disableOperator(db, operator.id, { actor: { type: "operator", id: bert.id, name: bert.email } }),
    ],
  ])("are at once not let in any more when %s in this process", async (_, end) => {
    const at = await browser();
    expect((await at.send("GET")).isIn).toBe(true);
    expect((await at.send("GET")).queries).toBe(0);
    await end(at);
    expect((await at.send("GET")).isIn).toBe(false);
    expect((await at.send("POST")).isIn).toBe(false);
  });
});

/** Memory on a clock that the test moves; `ask` counts, and says what the database would. */
function memory() {
  let now = 0;
  let asked = 0;
  let isAlive = true;
  const sessions = new ConfirmedSessions(() => now);
  const session = { sessionId: "s1", operatorId: "o1", email: "anna@example.org" };
  return {
    sessions,
    asked: () => asked,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    end: () => {
      isAlive = false;
    },
    find: () =>
      sessions.find("s1", async () => {
        asked += 1;
        return isAlive ? session : null;
      }),
  };
}

describe("A-01 sessions that several tabs ask for at once", () => {
  it("are asked for once, also when that fails", async () => {
    const { asked, find, pass, sessions } = memory();
    expect(await Promise.all([find(), find(), find()])).toHaveLength(3);
    expect(asked()).toBe(1);
    pass(3_000);
    const away = () => sessions.find("s1", () => Promise.reject(new Error("database away")));
    const answers = await Promise.allSettled([away(), away()]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await find()).not.toBeNull();
  });
});

describe("A-01 sessions that end in another process", () => {
  it("are noticed within 3 s", async () => {
    const { asked, end, find, pass } = memory();
    await find();
    end();
    pass(2_999);
    expect(await find()).not.toBeNull();
    pass(1);
    expect(await find()).toBeNull();
    expect(asked()).toBe(2);
    expect(await find()).toBeNull();
    expect(asked()).toBe(3);
  });

  it("are noticed by the look of live updates, which confirms the others", async () => {
    const { asked, end, find, now, pass, sessions } = memory();
    await find();
    for (let look = 0; look < 20; look += 1) {
      pass(2_500);
      sessions.confirm(["s1"], new Set(), now());
      await find();
    }
    expect(asked()).toBe(1);
    end();
    sessions.confirm(["s1"], new Set(["s1"]), now());
    expect(await find()).toBeNull();
  });

  it("are asked for every ten minutes whatever was confirmed, since that notes that they are in use", async () => {
    const { asked, find, now, pass, sessions } = memory();
    await find();
    for (let minute = 0; minute < 10; minute += 1) {
      pass(60_000);
      sessions.confirm(["s1"], new Set(), now());
    }
    await find();
    expect(asked()).toBe(2);
  });

  it("are not remembered by a question from before their end that is answered after it", async () => {
    const { sessions } = memory();
    const answer = Promise.withResolvers<{ sessionId: string; operatorId: string; email: string }>();
    const early = sessions.find("s1", () => answer.promise);
    sessions.forget();
    answer.resolve({ sessionId: "s1", operatorId: "o1", email: "anna@example.org" });
    await early;
    expect(await sessions.find("s1", async () => null)).toBeNull();
  });

  it("an answer that confirms never makes a session older or one that is not known", async () => {
    const { asked, find, pass, sessions } = memory();
    sessions.confirm(["s1"], new Set(), 0);
    await find();
    expect(asked()).toBe(1);
    pass(2_000);
    sessions.confirm(["s1"], new Set(), -5_000);
    pass(500);
    await find();
    expect(asked()).toBe(1);
  });
});
