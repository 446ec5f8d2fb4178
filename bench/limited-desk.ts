import { createDatabase, type Db } from "#app/db/client.server.ts";
import { type DrillDesk, openDrillDesk } from "#tests/drills/drill-desk.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";

/** TMDB's real limit. */
export const LIMIT = { requests: 40, perMs: 10_000 };

/** A database and a desk whose worker processes stand before TMDB's limit, as strict as the real one and as slow. */
export async function openLimitedDesk(
  name: string,
): Promise<{ db: Db; desk: DrillDesk; close(): Promise<void> }> {
  const server = await startRestartableServer();
  const databaseUrl = await server.createDatabase(name);
  const database = createDatabase(databaseUrl);
  const desk = await openDrillDesk({
    db: database.db,
    databaseUrl,
    worker: "scripts/worker.ts",
    sandbox: { rateLimit: LIMIT, latencyMs: [30, 130] },
    env: { TMDB_RATE_LIMIT: `${LIMIT.requests}/${LIMIT.perMs / 1000}s` },
  });
  return {
    db: database.db,
    desk,
    async close() {
      await desk.close();
      await database.close();
      await server.close();
    },
  };
}
