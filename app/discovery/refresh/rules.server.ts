import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type RefreshRules, readRules } from "#app/works/refresh-rules.ts";

export interface RulesInForce {
  rules: RefreshRules;
  /** null: the seed's, which nobody has changed. */
  changedBy: string | null;
  changedAt: Date | null;
}

/** The rules by which works are due. */
export async function rulesInForce(db: Kysely<Database>): Promise<RulesInForce> {
  const row = await db
    .selectFrom("refresh_rules")
    .select(["rules", "created_by", "created_at"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return {
    rules: readRules(row?.rules),
    changedBy: row?.created_by ?? null,
    changedAt: row?.created_at ?? null,
  };
}

/** Puts other rules in force. Due dates follow in batches, by the next sweep of any worker; earlier rules stay readable. */
export async function saveRules(trx: Kysely<Database>, rules: RefreshRules, by: string): Promise<void> {
  await trx
    .insertInto("refresh_rules")
    .values({ rules: JSON.stringify(rules), created_by: by })
    .execute();
}
