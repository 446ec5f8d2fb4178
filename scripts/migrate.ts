/** Brings the database of `DATABASE_URL` to the newest schema: `npm run migrate`. Does nothing when it is there already. */
import { migrateToLatest } from "#app/db/migrate.server.ts";
import { requireDatabaseUrl } from "#scripts/database-url.ts";
import { exitWith } from "#scripts/exit.ts";

try {
  await migrateToLatest(requireDatabaseUrl("migrate"));
  process.stdout.write("The database has the newest schema.\n");
} catch (error) {
  exitWith(error);
}
