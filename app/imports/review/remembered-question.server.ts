import type { Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";

/** What a title was last found to be, with the titles that it was chosen from; undefined when that is not kept any more. */
export async function rememberedQuestion(trx: Transaction<Database>, key: string) {
  const match = await trx
    .selectFrom("title_matches")
    .select(["score", "strategy", "reason_code", "reason", "candidates"])
    .where("title_key", "=", key)
    .executeTakeFirst();
  if (!match || !Array.isArray(match.candidates) || match.candidates.length === 0) return undefined;
  const { score, strategy, candidates, reason_code, reason } = match;
  return { score: Number(score), strategy, reason: { code: reason_code, text: reason }, candidates };
}
