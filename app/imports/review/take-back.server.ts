import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { AskedTitle } from "#app/imports/review/decided-title.ts";
import { rememberedQuestion } from "#app/imports/review/remembered-question.server.ts";
import { type Reopened, reopenRows } from "#app/imports/review/reopen-rows.server.ts";

/** A decision that was taken back. */
export interface TakenBack extends Reopened {
  key: string;
  title: string;
}

/**
 * Undoes a decision of this operator's own: its alias goes, and what it settled waits again; what was written for it is taken
 * back where nothing else has touched it since (decision 021).
 *
 * @param reviewId the decision that the operator was shown, so that a page that stood open undoes no other
 * @throws AppError DECISION_TAKEN_BACK · DECISION_REPLACED (409)
 */
export async function undoDecision(
  trx: Transaction<Database>,
  reviewId: string,
  operator: string,
): Promise<TakenBack> {
  const review = await markTakenBack(trx, reviewId, operator, operator);
  if (!review)
    throw new AppError(
      "DECISION_TAKEN_BACK",
      409,
      "There is no such decision of yours any more: it was undone or revoked already. Reload the page.",
    );
  const { numDeletedRows } = await trx
    .deleteFrom("title_aliases")
    .where("review_id", "=", reviewId)
    .executeTakeFirst();
  if (numDeletedRows === 0n)
    throw new AppError(
      "DECISION_REPLACED",
      409,
      "This title was decided once more since, so there is nothing to undo here. Look at the aliases.",
    );
  return { ...review, ...(await reopenRows(trx, review.key, review.asked)) };
}

/**
 * Revokes an alias (M-04), whoever decided it: it is not used any more, and what it settled waits again, as after
 * `undoDecision`.
 *
 * @throws AppError ALIAS_NOT_FOUND (409): somebody else has revoked it
 */
export async function revokeAlias(
  trx: Transaction<Database>,
  key: string,
  operator: string,
): Promise<TakenBack> {
  const alias = await trx
    .deleteFrom("title_aliases")
    .where("title_key", "=", key)
    .returning("review_id")
    .executeTakeFirst();
  if (!alias)
    throw new AppError(
      "ALIAS_NOT_FOUND",
      409,
      "This alias is not there any more: somebody has revoked it. Reload the page.",
    );
  const review = alias.review_id ? await markTakenBack(trx, alias.review_id, operator) : undefined;
  const asked = review?.asked ?? (await questionWithoutReview(trx, key));
  return { key, title: review?.title ?? key, ...(await reopenRows(trx, key, asked)) };
}

async function markTakenBack(
  trx: Transaction<Database>,
  reviewId: string,
  operator: string,
  decidedBy?: string,
): Promise<{ key: string; title: string; asked: AskedTitle } | undefined> {
  let query = trx
    .updateTable("match_reviews")
    .set({ taken_back_at: sql`clock_timestamp()`, taken_back_by: operator })
    .where("id", "=", reviewId)
    .where("taken_back_at", "is", null);
  if (decidedBy !== undefined) query = query.where("decided_by", "=", decidedBy);
  return query.returning(["decision_key as key", "title", "asked"]).executeTakeFirst();
}

/** For aliases from before decisions were kept: what the title was last found to be, where that is still remembered. */
async function questionWithoutReview(trx: Transaction<Database>, key: string): Promise<AskedTitle> {
  const match = await rememberedQuestion(trx, key);
  if (match) return { match };
  const text =
    "The decision on this title was revoked, and the titles that it was chosen from are not kept any more. Enter the id.";
  return { match: { score: 0, strategy: "alias", reason: { code: "revoked", text }, candidates: [] } };
}
