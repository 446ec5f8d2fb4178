import { appContext } from "#app/context.server.ts";
import { rowsAnswer } from "#app/imports/job-answer.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { rowsQuery } from "#app/routes/api/import-requests.ts";
import { readInput } from "#app/routes/api/read-input.ts";

const methods = byMethod({ GET: list });
export const loader = methods;
export const action = methods;

/** `GET /bulk-import/jobs/:jobId/rows` */
async function list({ params, url }: DoorArgs): Promise<Response> {
  const { db } = appContext();
  const query = readInput(rowsQuery, url.searchParams, "query");
  return Response.json(await rowsAnswer(db, params.jobId ?? "", query));
}
