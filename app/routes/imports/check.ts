import { limit } from "#app/accounts/request-limit.server.ts";
import { appContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { checkRepair, readRepairChoice } from "#app/imports/corrections/repair/repair.server.ts";
import { findSameFile } from "#app/imports/jobs.server.ts";
import { checkFile } from "#app/imports/parse-file.server.ts";
import { readUpload } from "#app/imports/upload.server.ts";
import { requireOperator } from "#app/middleware/request-context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { refuseUnknownSource } from "#app/routes/api/import-requests.ts";
import { readInput } from "#app/routes/api/read-input.ts";
import { parseFields } from "#app/routes/imports/parse-fields.ts";

const methods = byMethod({ POST: check });
export const loader = methods;
export const action = methods;

/** `POST /imports/check`: what a file is and holds, and which imports had the very same file. Nothing is stored. */
async function check({ request, context }: DoorArgs): Promise<Response> {
  const { db, config } = appContext();
  const operator = requireOperator(context);
  const { allowed, retryAfterMs } = await limit(db, `check:${operator.id}`, config.API_RATE_LIMIT);
  if (!allowed)
    throw new AppError(
      "TOO_MANY_REQUESTS",
      429,
      `You have had many files checked in a short time. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
      { retryAfterMs },
    );
  const { fields, ...file } = await readUpload(request, config.IMPORT_MAX_BYTES);
  refuseUnknownSource(fields.source);
  const report = await checkFile(file, readInput(parseFields, fields, "form"));
  const [sameFile, repair] = await Promise.all([
    findSameFile(db, report.sha256),
    checkRepair(db, file, report, readRepairChoice(fields.repairs)),
  ]);
  return Response.json({ report, sameFile, repair });
}
