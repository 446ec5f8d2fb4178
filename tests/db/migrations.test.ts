import { describe, expect, it } from "vitest";
import { migrateToLatest, withMigrator } from "#app/db/migrate.server.ts";
import { emptyTestDatabase } from "#tests/setup/database.ts";
import { onServer } from "#tests/setup/global.ts";

const { url } = await emptyTestDatabase();

/** Every table, column, constraint and index of our schema, as text that can be compared. */
async function describeSchema(): Promise<string[]> {
  const rows = await onServer<{ line: string }>(
    url,
    `select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
       from information_schema.columns where table_schema = 'public'
     union all
     select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
       from pg_constraint where connamespace = 'public'::regnamespace
     union all
     select indexdef from pg_indexes where schemaname = 'public'
     union all
     select format('function %s %s', proname, pg_get_functiondef(oid))
       from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
     order by 1`,
  );
  // Kysely's own two tables stay when everything is undone.
  return rows.map((row) => row.line).filter((line) => !line.includes("kysely_migration"));
}

describe("migrations", () => {
  it("go up one by one, down to nothing and up again to the same schema", async () => {
    await withMigrator(url, async (migrator) => {
      const names = (await migrator.getMigrations()).map((migration) => migration.name);
      expect(names.length).toBeGreaterThan(0);

      const afterUp: string[][] = [];
      for (const _ of names) {
        const { error, results } = await migrator.migrateUp();
        expect(error).toBeUndefined();
        expect(results).toHaveLength(1);
        afterUp.push(await describeSchema());
      }
      // Each step down has to leave exactly the schema that was there before the step up.
      for (const schema of [...afterUp.slice(0, -1).reverse(), []]) {
        const { error } = await migrator.migrateDown();
        expect(error).toBeUndefined();
        expect(await describeSchema()).toEqual(schema);
      }
      const { error } = await migrator.migrateToLatest();
      expect(error).toBeUndefined();
      expect(await describeSchema()).toEqual(afterUp.at(-1));
    });
  });

  it("may be started by any number of processes at the same moment", async () => {
    await expect(Promise.all(Array.from({ length: 4 }, () => migrateToLatest(url)))).resolves.toBeDefined();
    const [queue] = await onServer<{ jobs: string | null }>(
      url,
      "select to_regclass('graphile_worker._private_jobs')::text as jobs",
    );
    expect(queue?.jobs).toBe("graphile_worker._private_jobs");
  });
});
