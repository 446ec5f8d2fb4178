import { MAX_LOST_CLAIMS } from "#app/imports/rows.server.ts";
import { importPoisonRow } from "#tests/drills/poison-row.ts";
import { type Drill, withDesk } from "./drill.ts";

/** Workers whose death is noticed sooner, or the drill would take four minutes. */
export const poisonRow: Drill = {
  name: "a row that kills its worker (quick workers)",
  run: (server) =>
    withDesk(
      server,
      async (desk) => {
        const { kills, errorCode, othersFailed, broken } = await importPoisonRow(desk);
        if (errorCode !== "ROW_PUT_ASIDE") broken.push(`the row ended with ${errorCode}`);
        if (kills !== MAX_LOST_CLAIMS) broken.push(`it was put aside after ${kills} workers`);
        if (othersFailed > 0) broken.push(`${othersFailed} other rows did not succeed`);
        return { resumedMs: null, note: `put aside after ${kills} workers`, broken };
      },
      { worker: "tests/drills/quick-worker.ts" },
    ),
};
