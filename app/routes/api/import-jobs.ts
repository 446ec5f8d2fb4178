import { appContext } from "#app/context.server.ts";
import { jobListAnswer } from "#app/imports/job-answer.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { jobListQuery } from "#app/routes/api/import-requests.ts";
import { lookUpLimit } from "#app/routes/api/look-up-limit.server.ts";
import { readInput } from "#app/routes/api/read-input.ts";

const methods = byMethod({ GET: list });
export const loader = methods;
export const action = methods;

/** `GET /bulk-import/jobs` */
async function list({ url }: DoorArgs): Promise<Response> {
  const { db, config } = appContext();
  const query = readInput(jobListQuery, url.searchParams, "query");
  return Response.json(await jobListAnswer(db, query, lookUpLimit(config)));
}
