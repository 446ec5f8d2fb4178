import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { taskNames } from "#app/queue/catalog.ts";
import { enqueue, enqueueMany } from "#app/queue/enqueue.server.ts";
import { flagLabel, flagOf, jobFlags, type PauseTarget, parseFlag } from "#app/queue/job-flags.ts";
import { SERVICES } from "#app/upstreams/services.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();
const importJobId = "0f3c2a1e-0000-4000-8000-000000000003";

const target: fc.Arbitrary<PauseTarget> = fc.oneof(
  fc.record({ kind: fc.constant("task" as const), task: fc.constantFrom(...taskNames) }),
  fc.record({ kind: fc.constant("upstream" as const), service: fc.constantFrom(...SERVICES) }),
  fc.record({ kind: fc.constant("import" as const), importJobId: fc.uuid() }),
);

describe("J-05 flags of jobs", () => {
  it("say what they mean, and nothing else is taken for one", () => {
    fc.assert(
      fc.property(target, (each) => {
        expect(parseFlag(flagOf(each))).toEqual(each);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseFlag(text);
        if (parsed)
          expect(flagOf(parsed)).toBe(text.toLowerCase().startsWith("import:") ? text.toLowerCase() : text);
      }),
    );
    for (const stranger of ["", ":", "task:", "upstream:nobody", "import:123", "films"])
      expect(parseFlag(stranger)).toBeNull();
  });

  it("are called what people call them", () => {
    expect(["task:refresh_work", "upstream:tmdb", `import:${importJobId}`, "else"].map(flagLabel)).toEqual([
      "task refresh_work",
      "TMDB",
      "import 0f3c2a1e",
      "else",
    ]);
    expect(jobFlags({ task: "prune_history", upstreams: [] })).toEqual(["task:prune_history"]);
  });

  it("are on every job from the day it is added", async () => {
    await enqueue(db, "process_import", { importJobId: importJobId.toUpperCase() });
    await enqueueMany(db, "process_import_rows", [{ importJobId, fromRow: 1, toRow: 9 }], { flags: ["own"] });
    await enqueue(db, "refresh_work", { workId: 7 });
    const { rows } = await sql<{ task: string; flags: Record<string, true> }>`
      select task_identifier as task, flags from graphile_worker.jobs order by id`.execute(db);
    expect(rows.map(({ task, flags }) => [task, Object.keys(flags).sort()])).toEqual([
      ["process_import", [`import:${importJobId}`, "task:process_import"]],
      ["process_import_rows", [`import:${importJobId}`, "own", "task:process_import_rows", "upstream:tmdb"]],
      ["refresh_work", ["task:refresh_work", "upstream:tmdb"]],
    ]);
  });
});
