import { hash } from "@node-rs/argon2";
import { RouterContextProvider } from "react-router";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { changePassword } from "#app/accounts/change-password.server.ts";
import {
  addOrResetOperator,
  createOperator,
  disableOperator,
  enableOperator,
} from "#app/accounts/operators.server.ts";
import { hashPassword, isOutdated, verifyPassword } from "#app/accounts/password-hash.server.ts";
import { createSession, findSession } from "#app/accounts/sessions.server.ts";
import {
  ACCOUNT_LIMIT,
  ADDRESS_LIMIT,
  checkPassword,
  createAuthenticator,
} from "#app/accounts/sign-in.server.ts";
import { AppError } from "#app/errors.ts";
import { action as signIn } from "#app/routes/sign-in.tsx";
import { action as signOut } from "#app/routes/sign-out.tsx";
import { cookieOf, testApp, throughMiddleware } from "#tests/accounts/app.ts";
import { testDatabase } from "#tests/setup/database.ts";

const database = await testDatabase();
const { db } = database;
const app = testApp(database);
const by = { actor: systemActor("test") };
const password = "tr0mbone-Lagoon";
const anna = await createOperator(db, { email: "Anna@Example.org ", password }, by);
const clientAddress = "192.0.2.7";

beforeEach(async () => {
  await db.deleteFrom("request_limits").execute();
});
afterEach(async () => {
  await db.deleteFrom("sessions").execute();
});

describe("A-01 signing in", () => {
  test("e-mail in any case and the right password", async () => {
    expect(await checkPassword(db, { email: " ANNA@example.ORG", password, clientAddress })).toEqual({
      id: anna.id,
      email: "anna@example.org",
    });
  });

  test.each([
    ["a wrong password", "anna@example.org", "tr0mbone-lagoon", "SIGN_IN_FAILED", 401],
    ["a password with something after it", "anna@example.org", `${password} `, "SIGN_IN_FAILED", 401],
    ["an unknown e-mail", "nobody@example.org", password, "SIGN_IN_FAILED", 401],
    ["a password of 10 MB", "anna@example.org", "x".repeat(10_000_000), "SIGN_IN_FAILED", 401],
    ["no e-mail address", "anna", password, "EMAIL_INVALID", 422],
    ["no password", "anna@example.org", "", "PASSWORD_MISSING", 422],
  ])("%s is refused", async (_, email, typed, code, status) => {
    await expect(checkPassword(db, { email, password: typed, clientAddress })).rejects.toMatchObject({
      code,
      status,
    });
  });

  test("a wrong password and an unknown e-mail get the same answer", async () => {
    const refusals = await Promise.all(
      ["anna@example.org", "nobody@example.org"].map((email) =>
        checkPassword(db, { email, password: "wrong-Lagoon", clientAddress }).catch(
          (error: unknown) => error,
        ),
      ),
    );
    const [wrong, unknown] = refusals;
    expect(wrong).toBeInstanceOf(AppError);
    expect(String(wrong)).toBe(String(unknown));
  });

  test("a disabled operator is told so only with the right password", async () => {
    const bert = await createOperator(db, { email: "bert@example.org", password }, by);
    await disableOperator(db, bert.id, by);
    const tryWith = (typed: string) =>
      checkPassword(db, { email: bert.email, password: typed, clientAddress });
    await expect(tryWith("wrong-Lagoon")).rejects.toMatchObject({ code: "SIGN_IN_FAILED" });
    await expect(tryWith(password)).rejects.toMatchObject({ code: "OPERATOR_DISABLED", status: 403 });
    await enableOperator(db, bert.id, by);
    await expect(tryWith(password)).resolves.toMatchObject({ email: bert.email });
  });

  test("one account is throttled from wherever it is tried", async () => {
    const tryFrom = (number: number) =>
      checkPassword(db, {
        email: "anna@example.org",
        password: "wrong",
        clientAddress: `198.51.100.${number}`,
      }).catch((error: AppError) => error.code);
    const codes = await Promise.all(Array.from({ length: ACCOUNT_LIMIT.requests + 5 }, (_, n) => tryFrom(n)));
    expect(codes.filter((code) => code === "SIGN_IN_FAILED")).toHaveLength(ACCOUNT_LIMIT.requests);
    expect(codes.filter((code) => code === "TOO_MANY_REQUESTS")).toHaveLength(5);
    // The right password does not help until the time is up: it may have been guessed.
    await expect(checkPassword(db, { email: anna.email, password, clientAddress })).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      status: 429,
      details: { retryAfterMs: expect.any(Number) },
    });
  });

  test("one address is throttled whatever accounts it tries", async () => {
    const codes: string[] = [];
    for (let number = 0; number < ADDRESS_LIMIT.requests + 1; number++) {
      await checkPassword(db, { email: `user${number}@example.org`, password: "wrong", clientAddress }).catch(
        (error: AppError) => codes.push(error.code),
      );
    }
    expect(codes.at(-2)).toBe("SIGN_IN_FAILED");
    expect(codes.at(-1)).toBe("TOO_MANY_REQUESTS");
    await expect(
      checkPassword(db, { email: anna.email, password, clientAddress: "203.0.113.1" }),
    ).resolves.toMatchObject({ id: anna.id });
  });

  test("signing in often and rightly is never throttled", async () => {
    for (let times = 0; times < ACCOUNT_LIMIT.requests + 3; times++)
      await checkPassword(db, { email: anna.email, password, clientAddress });
  });

  test("a hash made at lower costs is replaced at the next sign-in", async () => {
    const weak = await hash(password, { memoryCost: 1_024, timeCost: 1, parallelism: 1 });
    const greta = await createOperator(db, { email: "greta@example.org", password }, by);
    await db.updateTable("operators").set({ password_hash: weak }).where("id", "=", greta.id).execute();
    await checkPassword(db, { email: greta.email, password, clientAddress });
    const { password_hash: stored } = await db
      .selectFrom("operators")
      .select("password_hash")
      .where("id", "=", greta.id)
      .executeTakeFirstOrThrow();
    expect(isOutdated(weak)).toBe(true);
    expect(isOutdated(stored)).toBe(false);
    await checkPassword(db, { email: greta.email, password, clientAddress });
  });

  test("letters composed in another way are the same password", async () => {
    expect(await verifyPassword(await hashPassword("caf\u00e9-Lagoon"), "cafe\u0301-Lagoon")).toBe(true);
  });

  test("remix-auth's form strategy reads the form", async () => {
    const request = formRequest("/sign-in", { email: anna.email, password });
    expect(await createAuthenticator(db).authenticate("form", request)).toMatchObject({ id: anna.id });
  });
});

describe("A-01 the sign-in page", () => {
  const act = async (path: string, fields: Record<string, string>, cookie?: string) => {
    const request = formRequest(path, fields, cookie);
    const args = {
      request,
      url: new URL(request.url),
      pattern: "",
      params: {},
      context: new RouterContextProvider(),
    };
    return Promise.resolve(signIn(args)).catch((thrown: unknown) => thrown);
  };

  test("a right password sets the cookie and leads back", async () => {
    const answer = await act("/sign-in?next=%2Fimports%3Fstatus%3Dfailed", { email: anna.email, password });
    expect(answer).toBeInstanceOf(Response);
    const { status, headers } = answer as Response;
    expect([status, headers.get("location")]).toEqual([302, "/imports?status=failed"]);
    const inside = await throughMiddleware(
      new Request("http://desk.test/imports", { headers: { cookie: cookieOf(headers.get("set-cookie")) } }),
    );
    expect(inside.response.status).toBe(200);
  });

  test("never to another site", async () => {
    const answer = await act("/sign-in?next=%2F%2Fevil.example", { email: anna.email, password });
    expect((answer as Response).headers.get("location")).toBe("/");
  });

  test("every sign-in gets a new token and ends the session it replaces", async () => {
    const first = cookieOf(
      ((await act("/sign-in", { email: anna.email, password })) as Response).headers.get("set-cookie"),
    );
    const second = cookieOf(
      ((await act("/sign-in", { email: anna.email, password }, first)) as Response).headers.get("set-cookie"),
    );
    expect(second).not.toBe(first);
    expect(await db.selectFrom("sessions").select("operator_id").execute()).toHaveLength(1);
  });

  test("a refusal names its field", async () => {
    expect(await act("/sign-in", { email: "", password })).toMatchObject({
      data: { error: { code: "EMAIL_INVALID", details: { field: "email" } } },
      init: { status: 422 },
    });
  });

  test.each([
    ["64 KiB and more", "x".repeat(70_000), "application/x-www-form-urlencoded", "FORM_TOO_LARGE"],
    ["no form", "{}", "application/json", "FORM_UNREADABLE"],
    ["a broken multipart body", "--x\r\nno", "multipart/form-data; boundary=y", "FORM_UNREADABLE"],
  ])("%s is refused, not broken", async (_, body, type, code) => {
    const request = new Request("http://desk.test/sign-in", {
      method: "POST",
      body,
      headers: { "content-type": type },
    });
    const args = {
      request,
      url: new URL(request.url),
      pattern: "",
      params: {},
      context: new RouterContextProvider(),
    };
    expect(await signIn(args)).toMatchObject({ data: { error: { code } } });
  });

  test("signing out ends the session for every copy of the cookie", async () => {
    const signedIn = (await act("/sign-in", { email: anna.email, password })) as Response;
    const cookie = cookieOf(signedIn.headers.get("set-cookie"));
    const request = formRequest("/sign-out", {}, cookie);
    const args = {
      request,
      url: new URL(request.url),
      pattern: "",
      params: {},
      context: new RouterContextProvider(),
    };
    const answer = await signOut(args).catch((thrown: Response) => thrown);
    expect(answer.headers.get("set-cookie")).toMatch(/^reeldesk=; .*Max-Age=0/);
    const after = await throughMiddleware(new Request("http://desk.test/", { headers: { cookie } }));
    expect(after.response.headers.get("location")).toBe("/sign-in");
  });

  test("over https the cookie is Secure and bound to the host", async () => {
    expect(app.APP_URL).toBeUndefined();
    const request = formRequest("/sign-in", { email: anna.email, password });
    const secure = new Request(request.url.replace("http:", "https:"), request);
    const args = {
      request: secure,
      url: new URL(secure.url),
      pattern: "",
      params: {},
      context: new RouterContextProvider(),
    };
    const answer = await Promise.resolve(signIn(args)).catch((thrown: unknown) => thrown);
    expect((answer as Response).headers.get("set-cookie")).toMatch(/^__Host-reeldesk=.*; Secure$/);
  });
});

describe("A-01 changing the password", () => {
  test("the current one must be right; other sessions end, this one stays", async () => {
    const carla = await createOperator(db, { email: "carla@example.org", password }, by);
    const session = () => createSession(db, { operatorId: carla.id, userAgent: null, clientAddress: null });
    const [here, there] = [await session(), await session()];
    const { sessionId } = (await findSession(db, here))!;
    const owner = { id: carla.id, email: carla.email, sessionId };

    const next = "marmalade-Semaphore";
    await expect(changePassword(db, owner, { current: "wrong-Lagoon", next })).rejects.toMatchObject({
      code: "CURRENT_PASSWORD_WRONG",
      details: { field: "current" },
    });
    await expect(changePassword(db, owner, { current: password, next: "short" })).rejects.toMatchObject({
      code: "PASSWORD_REFUSED",
      details: { field: "next" },
    });
    expect(await changePassword(db, owner, { current: password, next })).toBe(1);
    expect(await findSession(db, there)).toBeNull();
    expect(await findSession(db, here)).not.toBeNull();
    await expect(checkPassword(db, { email: carla.email, password, clientAddress })).rejects.toThrow(
      "SIGN_IN_FAILED",
    );
    await checkPassword(db, { email: carla.email, password: next, clientAddress });
  });

  test("a reset from the machine ends all sessions and lets a disabled operator in", async () => {
    const dora = await createOperator(db, { email: "dora@example.org", password }, by);
    const token = await createSession(db, { operatorId: dora.id, userAgent: null, clientAddress: null });
    await disableOperator(db, dora.id, by);
    const next = "marmalade-Semaphore";
    const { created } = await addOrResetOperator(db, { email: "DORA@example.org", password: next }, by);
    expect(created).toBe(false);
    expect(await findSession(db, token)).toBeNull();
    await checkPassword(db, { email: dora.email, password: next, clientAddress });
  });
});

describe("A-01 operators", () => {
  test("an e-mail can be taken once, in whatever case", async () => {
    await expect(createOperator(db, { email: "ANNA@EXAMPLE.ORG", password }, by)).rejects.toMatchObject({
      code: "OPERATOR_EXISTS",
      details: { field: "email" },
    });
  });

  test("nobody disables themselves", async () => {
    const actor = { type: "operator", id: anna.id, name: anna.email } as const;
    await expect(disableOperator(db, anna.id, { actor })).rejects.toMatchObject({ code: "OWN_ACCOUNT" });
  });

  test("of operators who disable one another at once, one is left", async () => {
    await db.updateTable("operators").set({ disabled_at: new Date() }).execute();
    const pair = await Promise.all(
      ["eva@example.org", "finn@example.org"].map((email) => createOperator(db, { email, password }, by)),
    );
    const [eva, finn] = pair as [(typeof pair)[number], (typeof pair)[number]];
    const actor = (who: typeof eva) => ({
      actor: { type: "operator", id: who.id, name: who.email } as const,
    });
    const results = await Promise.allSettled([
      disableOperator(db, eva.id, actor(finn)),
      disableOperator(db, finn.id, actor(eva)),
    ]);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({
      reason: { code: "LAST_OPERATOR" },
    });
  });

  test("an unknown id is not found, whatever it looks like", async () => {
    for (const id of ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
      await expect(disableOperator(db, id, by)).rejects.toMatchObject({
        code: "OPERATOR_NOT_FOUND",
        status: 404,
      });
  });

  test("what was done stands in the audit log, without secrets", async () => {
    const entries = await db.selectFrom("audit_log").selectAll().execute();
    const actions = new Set(entries.map((entry) => entry.action));
    for (const action of [
      "operator.create",
      "operator.disable",
      "operator.change_password",
      "session.create",
    ])
      expect(actions).toContain(action);
    expect(JSON.stringify(entries)).not.toMatch(/Lagoon|Semaphore/);
  });
});

function formRequest(path: string, fields: Record<string, string>, cookie?: string): Request {
  return new Request(`http://desk.test${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "sec-fetch-site": "same-origin", ...(cookie && { cookie }) },
  });
}
