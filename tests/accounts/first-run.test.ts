import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RouterContextProvider } from "react-router";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { revokeApiKey } from "#app/accounts/api-keys.server.ts";
import { authenticateApiKey } from "#app/accounts/authenticate-api-key.server.ts";
import { ensureFirstApiKey, ensureFirstOperator } from "#app/accounts/first-run.server.ts";
import { createFirstOperator, createOperator } from "#app/accounts/operators.server.ts";
import { sessionSecret } from "#app/accounts/session-secret.server.ts";
import { checkPassword } from "#app/accounts/sign-in.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { action as setUp, loader as setUpPage } from "#app/routes/set-up.tsx";
import { loader as signInPage } from "#app/routes/sign-in.tsx";
import { testApp } from "#tests/accounts/app.ts";
import { testDatabase } from "#tests/setup/database.ts";

const database = await testDatabase();
const { db } = database;
testApp(database);
const password = "tr0mbone-Lagoon";
const by = { actor: systemActor("test") };

beforeEach(async () => {
  await db.deleteFrom("operators").execute();
  await db.deleteFrom("api_keys").execute();
  await db.deleteFrom("request_limits").execute();
});

const operators = () => db.selectFrom("operators").select("email").execute();

describe("A-01 first run", () => {
  const environment = { OPERATOR_EMAIL: "Anna@example.org", OPERATOR_PASSWORD: "password1" };

  test("the operator of the environment is made once, whatever the password", async () => {
    expect(await ensureFirstOperator(db, environment)).toBe(true);
    expect(await ensureFirstOperator(db, environment)).toBe(false);
    await checkPassword(db, { email: "anna@example.org", password: "password1", clientAddress: null });
  });

  test("of ten processes that start at once, one makes the operator and one the key", async () => {
    const processes = await Promise.all(
      Array.from({ length: 10 }, async () => createDatabase(database.url, { max: 1 })),
    );
    try {
      const made = await Promise.all(
        processes.map((process) => ensureFirstOperator(process.db, environment)),
      );
      const keys = await Promise.all(
        processes.map((process) => ensureFirstApiKey(process.db, { API_KEY: "k".repeat(24) })),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(keys.filter(Boolean)).toHaveLength(1);
      expect(await operators()).toHaveLength(1);
      expect(await db.selectFrom("api_keys").select("name").execute()).toEqual([{ name: "API_KEY" }]);
    } finally {
      await Promise.all(processes.map((process) => process.close()));
    }
  });

  test("nothing is made without both, or when somebody is there", async () => {
    expect(
      await ensureFirstOperator(db, { OPERATOR_EMAIL: "a@example.org", OPERATOR_PASSWORD: undefined }),
    ).toBe(false);
    await createOperator(db, { email: "b@example.org", password }, by);
    expect(await ensureFirstOperator(db, environment)).toBe(false);
    expect(await operators()).toEqual([{ email: "b@example.org" }]);
  });

  test("the key of the environment works, and does not come back once revoked", async () => {
    const API_KEY = "chosen-by-the-operator-24";
    expect(await ensureFirstApiKey(db, { API_KEY })).toBe(true);
    const request = new Request("http://desk.test", { headers: { authorization: `Bearer ${API_KEY}` } });
    expect(await authenticateApiKey(db, request)).toMatchObject({ name: "API_KEY" });
    await revokeApiKey(db, { name: "API_KEY" }, by.actor);
    expect(await ensureFirstApiKey(db, { API_KEY })).toBe(false);
    await expect(authenticateApiKey(db, request)).rejects.toMatchObject({ code: "API_KEY_REVOKED" });
    expect(await ensureFirstApiKey(db, { API_KEY: undefined })).toBe(false);
  });
});

describe("A-01 the set-up page", () => {
  const argsOf = (request: Request) => ({
    request,
    url: new URL(request.url),
    pattern: "",
    params: {},
    context: new RouterContextProvider(),
  });
  const submit = (email: string, typed = password) =>
    Promise.resolve(
      setUp(
        argsOf(
          new Request("http://desk.test/set-up", {
            method: "POST",
            body: new URLSearchParams({ email, password: typed }),
          }),
        ),
      ),
    ).catch((thrown: unknown) => thrown);
  const open = (page: typeof setUpPage | typeof signInPage, path: string) =>
    page(argsOf(new Request(`http://desk.test${path}`))).catch((thrown: Response) =>
      thrown.headers.get("location"),
    );

  test("it is there until somebody can sign in, and never again", async () => {
    expect(await open(signInPage, "/sign-in")).toBe("/set-up");
    expect(await open(setUpPage, "/set-up")).toBeNull();
    const answer = (await submit("anna@example.org")) as Response;
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/"]);
    expect(answer.headers.get("set-cookie")).toMatch(/^reeldesk=/);
    expect(await open(setUpPage, "/set-up")).toBe("/sign-in");
    expect(await open(signInPage, "/sign-in")).toBeNull();
    const late = (await submit("mallory@example.org")) as Response;
    expect(late.headers.get("location")).toBe("/sign-in");
    expect(await operators()).toEqual([{ email: "anna@example.org" }]);
  });

  test("of ten who press at once, one wins", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => submit(`user${n}@example.org`)));
    const winners = answers.filter(
      (answer) => answer instanceof Response && answer.headers.has("set-cookie"),
    );
    expect(winners).toHaveLength(1);
    expect(await operators()).toHaveLength(1);
    for (const answer of answers)
      if (!(answer instanceof Response))
        expect(answer).toMatchObject({ data: { error: { code: "ALREADY_SET_UP" } } });
  });

  test("a weak password and a wrong e-mail are refused beside their fields", async () => {
    expect(await submit("anna@example.org", "password1")).toMatchObject({
      data: { error: { code: "PASSWORD_REFUSED", details: { field: "password" } } },
    });
    expect(await submit("anna")).toMatchObject({ data: { error: { details: { field: "email" } } } });
    expect(await operators()).toEqual([]);
  });

  test("the first operator is the first only once", async () => {
    await createFirstOperator(db, { email: "anna@example.org", password });
    await expect(createFirstOperator(db, { email: "bert@example.org", password })).rejects.toMatchObject({
      code: "ALREADY_SET_UP",
      status: 409,
    });
  });
});

describe("A-01 session secret", () => {
  const folder = mkdtempSync(join(tmpdir(), "reeldesk-secret-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const config = (name: string) => ({
    DATA_DIR: join(folder, name),
    SESSION_SECRET: undefined,
    NODE_ENV: "development" as const,
  });

  test("the one of the environment counts", () => {
    expect(sessionSecret({ ...config("unused"), SESSION_SECRET: "s".repeat(32) })).toBe("s".repeat(32));
  });

  test("otherwise it is made once, for this user alone", () => {
    const secret = sessionSecret(config("made"));
    const path = join(folder, "made", "session-secret");
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(readFileSync(path, "utf8").trim()).toBe(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(sessionSecret(config("made"))).toBe(secret);
  });

  test("one that is there already is kept", () => {
    mkdirSync(join(folder, "there"));
    writeFileSync(join(folder, "there", "session-secret"), `${"o".repeat(43)}\n`);
    expect(sessionSecret(config("there"))).toBe("o".repeat(43));
  });

  test("a spoilt one is not overwritten: sessions and other processes hang on it", () => {
    mkdirSync(join(folder, "spoilt"));
    writeFileSync(join(folder, "spoilt", "session-secret"), "short");
    expect(() => sessionSecret(config("spoilt"))).toThrow(/Delete it/);
    expect(readFileSync(join(folder, "spoilt", "session-secret"), "utf8")).toBe("short");
  });

  test("production asks for one", () => {
    expect(() => sessionSecret({ ...config("production"), NODE_ENV: "production" })).toThrow(
      /SESSION_SECRET/,
    );
  });
});
