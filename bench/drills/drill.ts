import { createDatabase } from "#app/db/client.server.ts";
import { type DrillDesk, type DrillOptions, openDrillDesk } from "#tests/drills/drill-desk.ts";
import type { RestartableServer } from "#tests/drills/restartable-server.ts";

/** What a drill found. */
export interface Finding {
  /** Milliseconds from the blow to the first lost row done by somebody else, or to work going on; null where nothing stops. */
  resumedMs: number | null;
  /** What the drill has to tell besides: rows lost, time to stop. */
  note: string;
  /** One sentence per broken invariant; empty is good. */
  broken: string[];
}

export interface Drill {
  name: string;
  run(server: RestartableServer): Promise<Finding>;
}

/** Processes of one drill have this long for everything that is waited for. */
export const PATIENCE_MS = 150_000;

let desks = 0;

/** Runs `use` with a desk over a database of its own, and closes it whatever happens. */
export async function withDesk<T>(
  server: RestartableServer,
  use: (desk: DrillDesk) => Promise<T>,
  options: Partial<DrillOptions> = {},
): Promise<T> {
  const databaseUrl = await server.createDatabase(`drill_${++desks}`);
  const database = createDatabase(databaseUrl, { applicationName: "drill" });
  const desk = await openDrillDesk({
    db: database.db,
    databaseUrl,
    worker: "scripts/worker.ts",
    ...options,
  });
  try {
    return await use(desk);
  } finally {
    await desk.close();
    await database.close();
  }
}
