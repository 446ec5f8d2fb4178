import { describe, expect, it } from "vitest";
import { defineTask } from "#app/queue/define-task.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";

const { url, pool } = await testDatabase();

describe("drainQueue", () => {
  it("runs what is due, and on demand what is put off too", async () => {
    const seen: unknown[] = [];
    const prune = defineTask("prune_history", async (payload) => {
      seen.push(payload);
      return undefined;
    });
    await pool.query("select graphile_worker.add_job('prune_history', '{}')");
    await pool.query(
      "select graphile_worker.add_job('prune_history', '{}', run_at := now() + interval '1 hour')",
    );

    expect(await drainQueue(url, { tasks: [prune] })).toBe(1);
    expect(await drainQueue(url, { tasks: [prune] })).toBe(0);
    expect(await drainQueue(url, { tasks: [prune], until: "all" })).toBe(1);
    expect(seen).toHaveLength(2);
    const { rows } = await pool.query("select id from graphile_worker.jobs");
    expect(rows).toEqual([]);
  });
});
