import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { jobAnswer } from "#app/imports/job-answer.server.ts";
import { findJob } from "#app/imports/jobs.server.ts";
import { cancelImport } from "#app/imports/lifecycle.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { lookUpLimit } from "#app/routes/api/look-up-limit.server.ts";

const methods = byMethod({ POST: cancel });
export const loader = methods;
export const action = methods;

/** `POST /bulk-import/jobs/:jobId/cancel` */
async function cancel({ params, context }: DoorArgs): Promise<Response> {
  const { db, config } = appContext();
  const actor = requireActor(context);
  const job = await findJob(db, params.jobId ?? "");
  await db.transaction().execute(async (trx) => {
    await cancelImport(trx, job.id);
    await audit(trx, {
      actor,
      action: "import.cancel",
      subject: `import:${job.id}`,
      requestId: context.get(requestIdContext),
    });
  });
  return Response.json(await jobAnswer(db, job.id, lookUpLimit(config)), { status: 202 });
}
