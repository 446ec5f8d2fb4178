import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { addressGroup } from "#app/accounts/client-address.server.ts";
import {
  deleteFullAllowances,
  giveBack,
  limit,
  requireAllowance,
} from "#app/accounts/request-limit.server.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();
const hourly = { requests: 6, perMs: 3_600_000 };

/** Time is the database's, so it is moved there: as if the last request had been so much earlier. */
async function passTime(subject: string, ms: number): Promise<void> {
  await sql`update request_limits set next_at = next_at - ${ms}::float8 * interval '1 millisecond' where subject = ${subject}`.execute(
    db,
  );
}

describe("A-01 request limits", () => {
  test("a whole allowance may come at once, then one per interval", async () => {
    for (let taken = 0; taken < 6; taken++) expect((await limit(db, "a", hourly)).allowed).toBe(true);
    const refused = await limit(db, "a", hourly);
    expect(refused.allowed).toBe(false);
    expect(refused.retryAfterMs).toBeGreaterThan(590_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(600_000);
    await passTime("a", refused.retryAfterMs);
    expect((await limit(db, "a", hourly)).allowed).toBe(true);
    expect((await limit(db, "a", hourly)).allowed).toBe(false);
  });

  test("a refused request costs nothing", async () => {
    for (let taken = 0; taken < 6; taken++) await limit(db, "b", hourly);
    for (let refused = 0; refused < 20; refused++) await limit(db, "b", hourly);
    await passTime("b", 600_000);
    expect((await limit(db, "b", hourly)).allowed).toBe(true);
  });

  test("after a long pause the allowance is whole, not more", async () => {
    await limit(db, "c", hourly);
    await passTime("c", 100 * 3_600_000);
    const answers = [];
    for (let taken = 0; taken < 8; taken++) answers.push((await limit(db, "c", hourly)).allowed);
    expect(answers).toEqual([true, true, true, true, true, true, false, false]);
  });

  test("a smaller burst may be asked for", async () => {
    expect((await limit(db, "d", hourly, 1)).allowed).toBe(true);
    expect((await limit(db, "d", hourly, 1)).allowed).toBe(false);
  });

  test("of fifty at once exactly the allowance gets through", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => limit(db, "e", hourly)));
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(6);
    for (const answer of answers) if (!answer.allowed) expect(answer.retryAfterMs).toBeGreaterThan(0);
  });

  test("subjects do not share", async () => {
    for (let taken = 0; taken < 7; taken++) await limit(db, "f", hourly);
    expect((await limit(db, "g", hourly)).allowed).toBe(true);
  });

  test("what is given back may be taken again", async () => {
    for (let taken = 0; taken < 6; taken++) await limit(db, "h", hourly);
    await giveBack(db, "h", hourly);
    expect((await limit(db, "h", hourly)).allowed).toBe(true);
    expect((await limit(db, "h", hourly)).allowed).toBe(false);
  });

  test("a refusal says how long to wait", async () => {
    await limit(db, "i", hourly, 1);
    await passTime("i", 0);
    for (let taken = 0; taken < 5; taken++) await limit(db, "i", hourly);
    await expect(requireAllowance(db, "i", hourly, "Too many.")).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      status: 429,
      userMessage: expect.stringMatching(/^Too many\. Try again in \d+ seconds\.$/),
    });
  });

  test("allowances that are whole again leave no row", async () => {
    await limit(db, "j", hourly);
    await passTime("j", 2 * 3_600_000);
    await deleteFullAllowances(db);
    const left = await db.selectFrom("request_limits").select("subject").execute();
    expect(left.map((row) => row.subject)).not.toContain("j");
    expect(left.map((row) => row.subject)).toContain("e");
  });

  test.each([
    [null, "unknown"],
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("the address %s counts as %s", (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
