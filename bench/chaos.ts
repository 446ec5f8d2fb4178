/**
 * Fault drills: `npm run chaos`, or `npm run chaos -- PART-OF-A-NAME`. Real processes are killed in the middle of imports, on
 * loopback alone. Exits 1 when an invariant is broken; times are shown, not judged.
 */
import { type RestartableServer, startRestartableServer } from "#tests/drills/restartable-server.ts";
import { restartFast, restartImmediate } from "./drills/database-drills.ts";
import type { Drill, Finding } from "./drills/drill.ts";
import { poisonRow } from "./drills/poison-row.ts";
import { upstreamStorm } from "./drills/upstream-storm.ts";
import { webRestarted } from "./drills/web-restart.ts";
import {
  killBuiltin,
  killRemoteIdempotent,
  killRemotePlain,
  repeatedKills,
  terminate,
} from "./drills/worker-drills.ts";

const RESUMED_LIMIT_MS = 60_000;

/** Drills of one group run side by side: most of their time they wait for a death to be noticed. */
const groups: Drill[][] = [
  [killBuiltin, killRemoteIdempotent],
  [killRemotePlain, repeatedKills],
  [terminate, poisonRow],
  [webRestarted, upstreamStorm],
  // These take everybody's PostgreSQL away.
  [restartFast],
  [restartImmediate],
];

async function runDrill(drill: Drill, server: RestartableServer): Promise<Finding> {
  try {
    return await drill.run(server);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { resumedMs: null, note: "", broken: [`the drill did not come to its end: ${reason}`] };
  }
}

function report(drill: Drill, { resumedMs, note, broken }: Finding): void {
  const seconds = resumedMs === null ? "-" : `${(resumedMs / 1000).toFixed(1)} s`;
  const late = resumedMs !== null && resumedMs > RESUMED_LIMIT_MS ? " OVER 60 s" : "";
  const verdict = broken.length === 0 ? "holds " : "BROKEN";
  console.log(`  ${verdict}  ${drill.name.padEnd(62)}  resumed after ${seconds}${late}  ${note}`);
  for (const sentence of broken) console.log(`          ${sentence}`);
}

const wanted = process.argv.slice(2).join(" ").toLowerCase();
const server = await startRestartableServer();
let broken = 0;
console.log("Fault drills");
try {
  for (const group of groups) {
    const drills = group.filter((drill) => drill.name.toLowerCase().includes(wanted));
    await Promise.all(
      drills.map(async (drill) => {
        const finding = await runDrill(drill, server);
        if (finding.broken.length > 0) broken++;
        report(drill, finding);
      }),
    );
  }
} finally {
  await server.close();
}
console.log(broken === 0 ? "Every invariant holds." : `${broken} drills broke an invariant.`);
process.exit(broken === 0 ? 0 : 1);
