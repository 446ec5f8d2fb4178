import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { createOperator, disableOperator } from "#app/accounts/operators.server.ts";
import {
  expiredSessionCookie,
  newSessionToken,
  readSessionToken,
  sessionCookie,
} from "#app/accounts/session-cookie.server.ts";
import {
  createSession,
  deleteEndedSessions,
  endSession,
  findSession,
  listSessions,
  revokeSession,
  revokeSessions,
  SESSION_ABSOLUTE_MS,
} from "#app/accounts/sessions.server.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();
const by = { actor: systemActor("test") };
const anna = await createOperator(db, { email: "anna@example.org", password: "tr0mbone-Lagoon" }, by);
const bert = await createOperator(db, { email: "bert@example.org", password: "tr0mbone-Lagoon" }, by);
const start = (operatorId = anna.id) =>
  createSession(db, { operatorId, userAgent: "Firefox/140 Linux", clientAddress: "192.0.2.7" });
const days = (count: number) => sql<Date>`now() - ${count}::float8 * interval '1 day'`;

beforeEach(async () => {
  await db.deleteFrom("sessions").execute();
});

describe("A-01 sessions", () => {
  test("a session says whose it is and is stored as a hash", async () => {
    const token = await start();
    expect(await findSession(db, token)).toMatchObject({ operatorId: anna.id, email: "anna@example.org" });
    const { token_hash } = await db.selectFrom("sessions").select("token_hash").executeTakeFirstOrThrow();
    expect(token_hash).toHaveLength(32);
    expect(token_hash.toString("base64url")).not.toBe(token);
    expect(await findSession(db, token_hash.toString("base64url"))).toBeNull();
  });

  test("a token that was never given out finds nothing", async () => {
    await start();
    expect(await findSession(db, newSessionToken())).toBeNull();
  });

  test("a session ends when nobody used it for 14 days", async () => {
    const token = await start();
    await db
      .updateTable("sessions")
      .set({ last_seen_at: days(13.9) })
      .execute();
    expect(await findSession(db, token)).not.toBeNull();
    await db
      .updateTable("sessions")
      .set({ last_seen_at: days(14.1) })
      .execute();
    expect(await findSession(db, token)).toBeNull();
    expect(await listSessions(db, anna.id)).toEqual([]);
  });

  test("a session ends after 60 days however much it is used", async () => {
    const token = await start();
    const { life } = await db
      .selectFrom("sessions")
      .select(sql<number>`extract(epoch from expires_at - created_at)::float8`.as("life"))
      .executeTakeFirstOrThrow();
    expect(life * 1000).toBe(SESSION_ABSOLUTE_MS);
    await db
      .updateTable("sessions")
      .set({ expires_at: days(0) })
      .execute();
    expect(await findSession(db, token)).toBeNull();
  });

  test("use is noted at most once a minute", async () => {
    const token = await start();
    await db.updateTable("sessions").set({ last_seen_at: sql`now() - interval '30 seconds'` }).execute();
    const seen = async () =>
      (
        await db.selectFrom("sessions").select("last_seen_at").executeTakeFirstOrThrow()
      ).last_seen_at.getTime();
    const before = await seen();
    await findSession(db, token);
    expect(await seen()).toBe(before);
    await db.updateTable("sessions").set({ last_seen_at: sql`now() - interval '90 seconds'` }).execute();
    await findSession(db, token);
    expect(await seen()).toBeGreaterThan(before);
  });

  test("signing out ends it in the database", async () => {
    const token = await start();
    await endSession(db, token);
    expect(await findSession(db, token)).toBeNull();
  });

  test("one's own sessions can be listed and revoked, nobody else's", async () => {
    const here = await start();
    const there = await start();
    await start(bert.id);
    const listed = await listSessions(db, anna.id);
    expect(listed).toHaveLength(2);
    expect(listed[0]).toMatchObject({ userAgent: "Firefox/140 Linux", clientAddress: "192.0.2.7" });
    const id = (await findSession(db, there))!.sessionId;
    expect(await revokeSession(db, bert.id, id)).toBe(false);
    expect(await revokeSession(db, anna.id, "nonsense")).toBe(false);
    expect(await revokeSession(db, anna.id, id)).toBe(true);
    expect(await revokeSession(db, anna.id, id)).toBe(false);
    expect(await findSession(db, there)).toBeNull();
    expect(await findSession(db, here)).not.toBeNull();
  });

  test("all others end at once, this one stays", async () => {
    const here = await start();
    await start();
    await start();
    const other = await start(bert.id);
    expect(await revokeSessions(db, anna.id, (await findSession(db, here))!.sessionId)).toBe(2);
    expect(await findSession(db, here)).not.toBeNull();
    expect(await findSession(db, other)).not.toBeNull();
  });

  test("disabling an operator ends their sessions", async () => {
    const carla = await createOperator(db, { email: "carla@example.org", password: "tr0mbone-Lagoon" }, by);
    const token = await start(carla.id);
    await disableOperator(db, carla.id, by);
    expect(await findSession(db, token)).toBeNull();
    expect(await listSessions(db, carla.id)).toEqual([]);
  });

  test("rows of ended sessions are cleared away", async () => {
    await start();
    await db
      .updateTable("sessions")
      .set({ last_seen_at: days(15) })
      .execute();
    const token = await start();
    await deleteEndedSessions(db);
    expect(await db.selectFrom("sessions").select("operator_id").execute()).toHaveLength(1);
    expect(await findSession(db, token)).not.toBeNull();
  });
});

describe("A-03 session cookie", () => {
  const secret = "s".repeat(32);
  const token = newSessionToken();
  const header = (secure: boolean) => sessionCookie(token, { secret, secure, maxAgeMs: SESSION_ABSOLUTE_MS });
  const value = (cookie: string) => cookie.split(";")[0]!;

  test("over http: HttpOnly, SameSite=Lax, whole site", () => {
    const [pair, ...attributes] = header(false).split("; ");
    expect(pair).toMatch(/^reeldesk=/);
    expect(attributes).toEqual(["Path=/", "Max-Age=5184000", "HttpOnly", "SameSite=Lax"]);
  });

  test("over https: also Secure, and bound to the host", () => {
    const [pair, ...attributes] = header(true).split("; ");
    expect(pair).toMatch(/^__Host-reeldesk=/);
    expect(attributes).toEqual(["Path=/", "Max-Age=5184000", "HttpOnly", "SameSite=Lax", "Secure"]);
    expect(expiredSessionCookie(true)).toBe(
      "__Host-reeldesk=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
    );
  });

  test("what was set is read, among other cookies", () => {
    const cookies = `theme=dark; ${value(header(false))}; a=b`;
    expect(readSessionToken(cookies, { secret, secure: false })).toBe(token);
  });

  test.each([
    ["nothing", null],
    ["an empty value", "reeldesk="],
    ["a token without a signature", `reeldesk=${token}`],
    [
      "a signature made with another secret",
      value(sessionCookie(token, { secret: "t".repeat(32), secure: false, maxAgeMs: 1 })),
    ],
    ["the signature of another token", `reeldesk=${newSessionToken()}.${value(header(false)).split(".")[1]}`],
    ["a longer value", `${value(header(false))}x`],
    ["the cookie of https", value(header(true))],
  ])("%s is no session", (_, cookies) => {
    expect(readSessionToken(cookies, { secret, secure: false })).toBeNull();
  });

  test("over https a cookie without the prefix counts for nothing", () => {
    expect(readSessionToken(value(header(false)), { secret, secure: true })).toBeNull();
  });
});
