import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { findRepair, readRepairChoice } from "#app/imports/corrections/repair/repair.server.ts";
import type { ImportAccepted } from "#app/imports/import-answers.ts";
import { takeIn } from "#app/imports/intake.server.ts";
import { acceptedAnswer, repairedAnswer } from "#app/imports/job-answer.server.ts";
import { intakeTurns } from "#app/imports/turns.ts";
import { readUpload } from "#app/imports/upload.server.ts";
import { uploaderOf } from "#app/imports/uploader.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { idempotencyKeyOf } from "#app/routes/api/idempotency-key.ts";
import { refuseUnknownSource, uploadFields } from "#app/routes/api/import-requests.ts";
import { readInput } from "#app/routes/api/read-input.ts";
import { repairAudited } from "#app/routes/imports/repair-audited.server.ts";

const methods = byMethod({ POST: upload });
export const loader = methods;
export const action = methods;

/** `POST /bulk-import/movies`, `POST /bulk-import/shows` */
async function upload({ request, params, context }: DoorArgs): Promise<Response> {
  const { db, config } = appContext();
  const actor = requireActor(context);
  const type = importType(params.type);
  const idempotencyKey = idempotencyKeyOf(request);
  const { fields, ...file } = await readUpload(request, config.IMPORT_MAX_BYTES);
  refuseUnknownSource(fields.source);
  const options = readInput(uploadFields, withoutEmpty(fields), "form");
  const repairedId = options.dryRun ? null : await findRepair(db, file, readRepairChoice(options.repairs));
  if (repairedId) {
    const by = { actor, requestId: context.get(requestIdContext) };
    const plan = await intakeTurns.run(() => repairAudited(db, repairedId, file, by));
    return accepted(await repairedAnswer(db, plan));
  }
  const intake = await intakeTurns.run(() =>
    inProgressAnswered(() =>
      db.transaction().execute(async (trx) => {
        const taken = await takeIn(trx, file, {
          type,
          dryRun: options.dryRun,
          skipDuplicates: options.skipDuplicates,
          parseOptions: { source: options.source },
          uploadedBy: uploaderOf(actor),
          idempotencyKey,
          catalogue: config.CATALOGUE_URL ?? "builtin",
        });
        if (taken.created)
          await audit(trx, {
            actor,
            action: "import.create",
            subject: `import:${taken.jobId}`,
            details: { dryRun: options.dryRun, type },
            requestId: context.get(requestIdContext),
          });
        return taken;
      }),
    ),
  );
  return accepted(await acceptedAnswer(db, intake));
}

const accepted = (answer: ImportAccepted): Response =>
  Response.json(answer, { status: 202, headers: { location: `/bulk-import/jobs/${answer.jobId}` } });

/**
 * A request with the Idempotency-Key of one that is still being taken in waits for it inside PostgreSQL, until that gives
 * up waiting (`query_canceled`).
 *
 * @throws AppError 409 `REQUEST_IN_PROGRESS`
 */
async function inProgressAnswered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "57014")) throw error;
    throw new AppError(
      "REQUEST_IN_PROGRESS",
      409,
      "This took too long, most likely because an earlier request with the same Idempotency-Key is still being taken in. Nothing was stored twice; send it again in a few seconds.",
      { retryAfterMs: 5_000 },
      { cause: error },
    );
  }
}

function importType(type: string | undefined): "movies" | "shows" {
  if (type === "movies" || type === "shows") return type;
  throw new AppError(
    "NOT_FOUND",
    404,
    "There is nothing at this address. Upload films to /bulk-import/movies and series to /bulk-import/shows; /docs/api lists all addresses.",
  );
}

function withoutEmpty(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}
