import { appContext } from "#app/context.server.ts";
import { jobAnswer } from "#app/imports/job-answer.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { lookUpLimit } from "#app/routes/api/look-up-limit.server.ts";

const methods = byMethod({ GET: show });
export const loader = methods;
export const action = methods;

/** `GET /bulk-import/jobs/:jobId` */
async function show({ params }: DoorArgs): Promise<Response> {
  const { db, config } = appContext();
  return Response.json(await jobAnswer(db, params.jobId ?? "", lookUpLimit(config)));
}
