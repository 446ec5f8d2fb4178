import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "#app/accounts/api-keys.server.ts";
import { authenticateApiKey } from "#app/accounts/authenticate-api-key.server.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();
const createdBy = systemActor("test");
const withKey = (key: string) => new Request("http://desk.test/media", { headers: { "x-api-key": key } });
const entry = async (name: string) => (await listApiKeys(db)).find((apiKey) => apiKey.name === name);

describe("A-02 API keys", () => {
  test("a key is shown once and stored as a hash", async () => {
    const { key, apiKey } = await createApiKey(db, { name: " nightly ", createdBy });
    expect(key).toMatch(/^rd_[A-Za-z0-9_-]{43}$/);
    expect(apiKey).toMatchObject({
      name: "nightly",
      prefix: key.slice(0, 7),
      createdBy: "test",
      lastUsedAt: null,
    });
    const stored = JSON.stringify(await db.selectFrom("api_keys").selectAll().execute());
    expect(stored).not.toContain(key.slice(7));
    expect(JSON.stringify(await db.selectFrom("audit_log").selectAll().execute())).not.toContain(
      key.slice(7),
    );
  });

  test("a name is in use once, and free again after revoking", async () => {
    const first = await createApiKey(db, { name: "twice", createdBy });
    await expect(createApiKey(db, { name: "twice", createdBy })).rejects.toMatchObject({
      code: "API_KEY_NAME_TAKEN",
      status: 409,
    });
    await revokeApiKey(db, { id: first.apiKey.id }, createdBy);
    const second = await createApiKey(db, { name: "twice", createdBy });
    await expect(authenticateApiKey(db, withKey(first.key))).rejects.toMatchObject({
      code: "API_KEY_REVOKED",
    });
    expect(await authenticateApiKey(db, withKey(second.key))).toMatchObject({ name: "twice" });
  });

  test.each([
    ["", "API_KEY_NAME_MISSING"],
    ["  ", "API_KEY_NAME_MISSING"],
    ["x".repeat(81), "API_KEY_NAME_TOO_LONG"],
  ])("the name %j is refused", async (name, code) => {
    await expect(createApiKey(db, { name, createdBy })).rejects.toMatchObject({
      code,
      details: { field: "name" },
    });
  });

  test("what does not exist cannot be revoked, nor revoked twice", async () => {
    const { apiKey } = await createApiKey(db, { name: "once", createdBy });
    await revokeApiKey(db, { name: "once" }, createdBy);
    for (const which of [{ name: "once" }, { id: apiKey.id }, { id: "nonsense" }, { name: "never" }])
      await expect(revokeApiKey(db, which, createdBy)).rejects.toMatchObject({ code: "API_KEY_NOT_FOUND" });
  });

  test("last used is noted, at most once a minute", async () => {
    const { key } = await createApiKey(db, { name: "busy", createdBy });
    await authenticateApiKey(db, withKey(key));
    const first = (await entry("busy"))?.lastUsedAt;
    expect(first).toBeInstanceOf(Date);
    await authenticateApiKey(db, withKey(key));
    expect((await entry("busy"))?.lastUsedAt).toEqual(first);
    await db
      .updateTable("api_keys")
      .set({ last_used_at: sql`now() - interval '61 seconds'` })
      .where("name", "=", "busy")
      .execute();
    const earlier = (await entry("busy"))?.lastUsedAt;
    await authenticateApiKey(db, withKey(key));
    expect((await entry("busy"))?.lastUsedAt?.getTime()).toBeGreaterThan(earlier?.getTime() ?? Number.NaN);
  });

  test("keys in use come before revoked ones", async () => {
    const revoked = (await listApiKeys(db)).map((apiKey) => apiKey.revokedAt !== null);
    expect(revoked).toEqual([...revoked].sort());
    expect(revoked).toContain(true);
  });
});
