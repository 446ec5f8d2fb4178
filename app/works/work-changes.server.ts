import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { FieldChange } from "#app/works/diff-facts.ts";

/** Keeps what a refresh changed in a work, for people to see. */
export async function storeChanges(
  trx: Kysely<Database>,
  workId: string,
  source: "tmdb" | "omdb",
  changes: FieldChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const byField = Object.fromEntries(changes.map(({ field, before, after }) => [field, { before, after }]));
  await trx
    .insertInto("work_changes")
    .values({ work_id: workId, source, changes: JSON.stringify(byField) })
    .execute();
}

/** As a row holds them: field to what it was and is. */
export type StoredChanges = Record<string, { before: unknown; after: unknown }>;

/** The changes of a row, which holds what `storeChanges` wrote. */
export function fieldChanges(stored: StoredChanges): FieldChange[] {
  return Object.entries(stored).map(([field, change]) => ({ field, ...change }) as FieldChange);
}
