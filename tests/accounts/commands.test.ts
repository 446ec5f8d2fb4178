import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { authenticateApiKey } from "#app/accounts/authenticate-api-key.server.ts";
import { checkPassword } from "#app/accounts/sign-in.server.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db, url } = await testDatabase();
const run = promisify(execFile);

interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Runs a script as npm would, against the test's database. */
async function command(
  script: "operators" | "api-keys",
  words: string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run(process.execPath, [`scripts/${script}.ts`, ...words], {
      env: { PATH: process.env.PATH, DATABASE_URL: url, ...env },
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && "stdout" in error && "stderr" in error)) throw error;
    return { code: Number(error.code), out: String(error.stdout), err: String(error.stderr) };
  }
}

describe("A-01 operators from the command line", () => {
  test("one is added with a password that is made and works, and reset with one that is given", async () => {
    const added = await command("operators", ["add", "Anna@Example.org"]);
    expect(added.code).toBe(0);
    const password = /^Password: (\S+)$/m.exec(added.out)?.[1] ?? "";
    await checkPassword(db, { email: "anna@example.org", password, clientAddress: null });

    const given = "tr0mbone-Lagoon";
    const reset = await command("operators", ["add", "anna@example.org"], { OPERATOR_PASSWORD: given });
    expect([reset.code, reset.out]).toEqual([
      0,
      "Gave anna@example.org a new password and ended their sessions.\n",
    ]);
    await checkPassword(db, { email: "anna@example.org", password: given, clientAddress: null });
  });

  test.each([
    [["add", "nonsense"], 1, /Enter an e-mail address/],
    [["add"], 64, /Say whose/],
    [["add", "a@example.org", "b@example.org"], 64, /One e-mail/],
    [["drop", "a@example.org"], 64, /There is no command "drop"/],
    [["--force"], 64, /There is no option --force/],
    [[], 64, /Say what to do/],
  ])("%j is refused with code %i", async (words, code, message) => {
    const outcome = await command("operators", words);
    expect([outcome.code, outcome.out]).toEqual([code, ""]);
    expect(outcome.err).toMatch(message);
    expect(outcome.err).not.toMatch(/^\s+at /m);
  });
});

describe("A-02 API keys from the command line", () => {
  test("the last line of create is the key; list shows it, revoke ends it", async () => {
    const created = await command("api-keys", ["create", "nightly import"]);
    const key = created.out.trimEnd().split("\n").at(-1) ?? "";
    expect(key).toMatch(/^rd_[A-Za-z0-9_-]{43}$/);
    const request = new Request("http://desk.test", { headers: { "x-api-key": key } });
    await authenticateApiKey(db, request);

    const again = await command("api-keys", ["create", "nightly", "import"]);
    expect([again.code, again.out]).toEqual([1, ""]);
    expect(again.err).toMatch(/There is an API key named "nightly import" already/);

    const listed = await command("api-keys", ["list"]);
    expect(listed.out).toMatch(/^nightly import {2}rd_.{4}… /m);
    expect(listed.out).not.toContain(key);

    expect((await command("api-keys", ["revoke", "nightly import"])).code).toBe(0);
    await expect(authenticateApiKey(db, request)).rejects.toThrow("API_KEY_REVOKED");
    expect((await command("api-keys", ["revoke", "nightly import"])).code).toBe(1);
  });

  test("help needs no database", async () => {
    const { code, out } = await command("api-keys", ["--help"], {
      DATABASE_URL: "postgres://nobody@127.0.0.1:1/x",
    });
    expect([code, out]).toEqual([0, expect.stringContaining("revoke NAME")]);
  });

  test("a database that does not answer, or is not migrated, is said in a sentence", async () => {
    const away = await command("api-keys", ["list"], { DATABASE_URL: "postgres://u:geheim@127.0.0.1:1/x" });
    expect([away.code, away.err]).toEqual([
      1,
      "The database does not answer. Start it, or check DATABASE_URL.\n",
    ]);
    const maintenance = new URL(url);
    maintenance.pathname = "/postgres";
    const empty = await command("api-keys", ["list"], { DATABASE_URL: maintenance.href });
    expect(empty.err).toMatch(/npm run migrate/);
  });
});
