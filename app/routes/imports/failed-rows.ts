import { appContext } from "#app/context.server.ts";
import { failedRowsAnswer } from "#app/imports/failed-rows-answer.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";

const methods = byMethod({ GET: download });
export const loader = methods;
export const action = methods;

/** `GET /imports/:jobId/failed-rows.csv`: for operators what the machine API gives to scripts. */
function download({ params }: DoorArgs): Promise<Response> {
  return failedRowsAnswer(appContext().db, params.jobId ?? "");
}
