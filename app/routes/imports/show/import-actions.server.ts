import { redirect } from "react-router";
import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { correctRow } from "#app/imports/corrections/correct-row.server.ts";
import { additionNames } from "#app/imports/corrections/correction.ts";
import { findJob } from "#app/imports/jobs.server.ts";
import { cancelImport, type RetryScope, retryRows } from "#app/imports/lifecycle.server.ts";
import { pickCandidate } from "#app/imports/review/decide-title.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { startForReal } from "#app/routes/imports/show/start-for-real.server.ts";
import { formatQuantity } from "#app/ui/format.ts";

const rowNumber = z.coerce.number().int().min(1).max(999_999_999);

/** The forms of the import page, told apart by `intent`. */
const forms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("retry-failed") }),
  z.object({ intent: z.literal("retry-group"), code: z.string().min(1).max(100) }),
  z.object({ intent: z.literal("retry-row"), row: rowNumber }),
  z.object({ intent: z.literal("continue") }),
  z.object({ intent: z.literal("cancel") }),
  z.object({
    intent: z.literal("pick"),
    row: rowNumber,
    mediaType: z.enum(["movie", "tv"]),
    tmdbId: z.coerce.number().int().min(1).max(2_147_483_647),
  }),
  z.object({ intent: z.literal("pick-none"), row: rowNumber }),
  z.object({
    intent: z.literal("correct-row"),
    row: rowNumber,
    version: z.string().regex(/^\d{0,18}$/),
  }),
  z.object({ intent: z.literal("import-for-real") }),
]);

type ImportForm = z.infer<typeof forms>;

interface Call {
  db: Db;
  jobId: string;
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form of the import page asks for, in one transaction with its entry in the audit log.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT (400), and what the domain functions throw; a redirect to the new import for `import-for-real`
 */
export async function runImportAction(call: Call, form: FormData): Promise<{ message: string }> {
  const read = forms.safeParse(Object.fromEntries(form));
  if (!read.success) throw unknownForm();
  if (read.data.intent === "import-for-real") throw redirect(`/imports/${await startForReal(call)}`);
  if (read.data.intent === "correct-row") return { message: await correct(call, read.data, form) };
  return { message: await change(call, read.data) };
}

/** Longer cells are cut at intake as well. */
const LONGEST_CELL = 128 * 1024;

async function correct(
  { db, jobId, actor, requestId }: Call,
  { row, version }: Extract<ImportForm, { intent: "correct-row" }>,
  form: FormData,
): Promise<string> {
  const typed = typedFields(form, "cell:");
  const added = typedFields(form, "add:");
  const additions = Object.fromEntries(
    additionNames.flatMap((name) => (name in added ? [[name, added[name] ?? ""]] : [])),
  );
  await db.transaction().execute(async (trx) => {
    const { id } = await findJob(trx, jobId);
    await audit(trx, {
      actor,
      requestId,
      action: "import.correct_row",
      subject: `import:${id}`,
      details: { row },
    });
    await correctRow(trx, id, row, { cells: typed, additions, version }, actor.name);
  });
  return "Saved. The row is tried again.";
}

function typedFields(form: FormData, prefix: string): Record<string, string> {
  const entries = [...form].flatMap(([name, value]) =>
    name.startsWith(prefix) && typeof value === "string"
      ? [[name.slice(prefix.length), value.slice(0, LONGEST_CELL).replaceAll("\r\n", "\n")] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

async function change(
  call: Call,
  form: Exclude<ImportForm, { intent: "import-for-real" | "correct-row" }>,
): Promise<string> {
  const { db, jobId, actor, requestId } = call;
  const { intent, ...details } = form;
  return db.transaction().execute(async (trx) => {
    await findJob(trx, jobId);
    await audit(trx, {
      actor,
      requestId,
      action: `import.${intent.replaceAll("-", "_")}`,
      subject: `import:${jobId}`,
      details,
    });
    switch (form.intent) {
      case "cancel": {
        const { successRows, openRows } = await cancelImport(trx, jobId);
        return `Cancelled. ${formatQuantity(successRows, "row")} stay written, ${formatQuantity(openRows, "row")} were not begun.`;
      }
      case "pick":
      case "pick-none": {
        const pick = form.intent === "pick" ? { mediaType: form.mediaType, tmdbId: form.tmdbId } : null;
        const settled = await pickCandidate(trx, jobId, form.row, pick, actor.name);
        return `Decided. ${formatQuantity(settled, "row")} with this title ${settled === 1 ? "is" : "are"} processed again.`;
      }
      default: {
        const reset = await retryRows(trx, jobId, scopeOf(form));
        return reset === 0
          ? "The import goes on."
          : `${formatQuantity(reset, "row")} ${reset === 1 ? "is" : "are"} tried again.`;
      }
    }
  });
}

function scopeOf(
  form: Extract<ImportForm, { intent: "retry-failed" | "retry-group" | "retry-row" | "continue" }>,
): RetryScope {
  if (form.intent === "retry-group") return { kind: "code", errorCode: form.code };
  if (form.intent === "retry-row") return { kind: "row", rowNumber: form.row };
  return form.intent === "continue" ? { kind: "unfinished" } : { kind: "failed" };
}
