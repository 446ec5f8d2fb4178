import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { AppContext } from "#app/context.server.ts";
import { againAfterDeadlock } from "#app/db/again-after-deadlock.ts";
import { AppError } from "#app/errors.ts";
import { decideTitle } from "#app/imports/review/decide-title.server.ts";
import type { Pick } from "#app/imports/review/decided-title.ts";
import { listWaitingRows } from "#app/imports/review/doubtful-titles.server.ts";
import { undoDecision } from "#app/imports/review/take-back.server.ts";
import { readOutcome } from "#app/imports/row-outcome.ts";
import { lookUpTitles } from "#app/matching/title-details.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { takenBackSentence } from "#app/routes/review/taken-back-sentence.ts";
import { formatQuantity } from "#app/ui/format.ts";

const key = z.string().min(1).max(300);

/** The forms of the review page, told apart by `intent`. */
const forms = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("pick"),
    key,
    mediaType: z.enum(["movie", "tv"]),
    tmdbId: z.coerce.number().int().min(1).max(2_147_483_647),
  }),
  z.object({ intent: z.literal("pick-none"), key }),
  z.object({ intent: z.literal("undo"), review: z.string().regex(/^\d{1,18}$/) }),
]);

interface Call extends globalThis.Pick<AppContext, "db" | "config"> {
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form of the review page asks for, in one transaction with its entry in the audit log.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT (400) · TITLE_DECIDED, DECISION_TAKEN_BACK (409) · TITLE_UNKNOWN (404)
 */
export async function runReviewAction(call: Call, form: FormData): Promise<{ message: string }> {
  const read = forms.safeParse(Object.fromEntries(form));
  if (!read.success) throw unknownForm();
  if (read.data.intent === "undo") return { message: await undo(call, read.data.review) };
  const pick = read.data.intent === "pick" ? await pickOf(call, read.data.key, read.data) : null;
  return { message: await decide(call, read.data.key, pick) };
}

async function decide({ db, actor, requestId }: Call, key: string, pick: Pick | null): Promise<string> {
  const { rows, imports } = await db.transaction().execute(async (trx) => {
    const decision = await decideTitle(trx, key, pick, actor.name);
    await audit(trx, {
      actor,
      requestId,
      action: pick ? "review.pick" : "review.pick_none",
      subject: `decision:${decision.reviewId}`,
      details: {
        key,
        ...(pick ? { mediaType: pick.mediaType, tmdbId: pick.tmdbId } : {}),
        rows: decision.rows,
        imports: decision.imports,
      },
    });
    return decision;
  });
  const where = imports > 1 ? ` in ${formatQuantity(imports, "import")}` : "";
  return `Decided. ${formatQuantity(rows, "row")}${where} ${rows === 1 ? "is" : "are"} processed again.`;
}

/** What is none of the candidates was entered by its id: it is looked up once more, so that no alias leads nowhere. */
async function pickOf(
  { db, config }: Call,
  key: string,
  { mediaType, tmdbId }: { mediaType: "movie" | "tv"; tmdbId: number },
): Promise<Pick> {
  const [row] = await listWaitingRows(db, key, 1);
  const offered = readOutcome(row?.outcome).match?.candidates ?? [];
  if (offered.some((one) => one.mediaType === mediaType && one.tmdbId === tmdbId))
    return { mediaType, tmdbId };
  const id = { service: "tmdb" as const, id: tmdbId, kind: mediaType };
  const [found] = await lookUpTitles({ db, config, priority: "interactive" }, id);
  if (!found) throw new AppError("TITLE_UNKNOWN", 404, `TMDB does not know the id ${tmdbId}.`);
  const { title, year, posterPath } = found;
  return { mediaType, tmdbId, found: { title, year, posterPath } };
}

async function undo({ db, actor, requestId }: Call, reviewId: string): Promise<string> {
  const undone = await againAfterDeadlock(() =>
    db.transaction().execute(async (trx) => {
      const takenBack = await undoDecision(trx, reviewId, actor.name);
      const { key, rows, written } = takenBack;
      await audit(trx, {
        actor,
        requestId,
        action: "review.undo",
        subject: `decision:${reviewId}`,
        details: { key, rows, written },
      });
      return takenBack;
    }),
  );
  return takenBackSentence("Undone", undone);
}
