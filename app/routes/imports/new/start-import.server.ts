import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { AppContext } from "#app/context.server.ts";
import { findRepair, readRepairChoice } from "#app/imports/corrections/repair/repair.server.ts";
import { takeIn } from "#app/imports/intake.server.ts";
import { intakeTurns } from "#app/imports/turns.ts";
import type { FormUpload } from "#app/imports/upload.server.ts";
import { uploaderOf } from "#app/imports/uploader.ts";
import { readInput } from "#app/routes/api/read-input.ts";
import { parseFields } from "#app/routes/imports/parse-fields.ts";
import { repairAudited } from "#app/routes/imports/repair-audited.server.ts";

/** A box that is not ticked is not sent. */
const ticked = z
  .string()
  .optional()
  .transform((value) => value !== undefined);

const startFields = z.object({
  skipDuplicates: ticked,
  dryRun: ticked,
  // Absent without a script: the form is then sent once, by hand.
  idempotencyKey: z
    .string()
    .regex(/^[0-9a-f]{32}-[01]{2}$/, "is not one of this page")
    .optional(),
  // The import that a corrected file repairs; absent without a script, which then finds out.
  repairs: z.string().max(100, "is too long").optional(),
});

/**
 * Takes in what the form of the New import page holds.
 *
 * @returns the id of the import; the same again when the same form was sent twice
 * @throws AppError INVALID_INPUT (400), and what `takeIn` throws
 */
export async function startImport(
  { db, config }: Pick<AppContext, "db" | "config">,
  { fields, ...file }: FormUpload,
  by: { actor: Actor; requestId: string },
): Promise<string> {
  const { dryRun, skipDuplicates, idempotencyKey, repairs } = readInput(startFields, fields, "form");
  const repairedId = dryRun ? null : await findRepair(db, file, readRepairChoice(repairs));
  if (repairedId) return (await intakeTurns.run(() => repairAudited(db, repairedId, file, by))).job.id;
  const parseOptions = readInput(parseFields, fields, "form");
  return intakeTurns.run(() =>
    db.transaction().execute(async (trx) => {
      const { jobId, created } = await takeIn(trx, file, {
        type: "movies",
        dryRun,
        skipDuplicates,
        parseOptions,
        uploadedBy: uploaderOf(by.actor),
        idempotencyKey: idempotencyKey ?? null,
        catalogue: config.CATALOGUE_URL ?? "builtin",
      });
      if (created)
        await audit(trx, {
          ...by,
          action: "import.create",
          subject: `import:${jobId}`,
          details: { dryRun, type: "movies" },
        });
      return jobId;
    }),
  );
}
