import { ensureFirstApiKey, ensureFirstOperator } from "#app/accounts/first-run.server.ts";
import { config } from "#app/config.server.ts";
import { createDatabase } from "#app/db/client.server.ts";

/** Creates the operator and the API key that the environment names, when there is none yet. */
export async function ensureFirstAccounts(databaseUrl: string): Promise<void> {
  const database = createDatabase(databaseUrl, { max: 1 });
  try {
    await ensureFirstOperator(database.db, config());
    await ensureFirstApiKey(database.db, config());
  } finally {
    await database.close();
  }
}
