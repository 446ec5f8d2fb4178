import { appContext } from "#app/context.server.ts";
import { csvStream } from "#app/csv/csv-stream.ts";
import { findBackfill } from "#app/discovery/backfill/backfills.server.ts";
import { backfillCsv } from "#app/discovery/backfill/export.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";

const methods = byMethod({ GET: download });
export const loader = methods;
export const action = methods;

/** `GET /discovery/backfills/:backfillId/rows.csv`: what came of every row. */
async function download({ params }: DoorArgs): Promise<Response> {
  const { db } = appContext();
  const { id } = await findBackfill(db, params.backfillId ?? "");
  return new Response(csvStream(backfillCsv(db, id)), {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="backfill-${id.slice(0, 8)}.csv"`,
      "x-content-type-options": "nosniff",
    },
  });
}
