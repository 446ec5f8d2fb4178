import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { repairImport } from "#app/imports/corrections/repair/repair.server.ts";
import type { RepairPlan } from "#app/imports/corrections/repair/repair-plan.ts";
import type { UploadedFile } from "#app/imports/parse-file.server.ts";
import { uploaderOf } from "#app/imports/uploader.ts";

/** Repairs an import by a corrected file, with its entry in the audit log; for pages and machines alike. @throws as `repairImport` */
export function repairAudited(
  db: Db,
  jobId: string,
  file: UploadedFile,
  by: { actor: Actor; requestId: string },
): Promise<RepairPlan> {
  return db.transaction().execute(async (trx) => {
    const plan = await repairImport(trx, jobId, file, uploaderOf(by.actor));
    await audit(trx, {
      ...by,
      action: "import.repair",
      subject: `import:${plan.job.id}`,
      details: { replaced: plan.replaces, unchanged: plan.unchanged, refused: plan.refusedCount },
    });
    return plan;
  });
}
