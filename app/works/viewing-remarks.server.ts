import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** What callers say about a viewing beyond its day; the last two are of seasons. */
export interface Remarks {
  loved?: boolean | null | undefined;
  review?: number | null | undefined;
  note?: string | null | undefined;
  status?: "watching" | "completed" | "on_hold" | null | undefined;
  completedDate?: string | null | undefined;
}

/** Stores the remarks that are present; null clears, absent ones stay. */
export async function changeRemarks(
  trx: Kysely<Database>,
  viewingId: string,
  remarks: Remarks,
): Promise<void> {
  const { loved, review, note, status, completedDate } = remarks;
  const values = {
    ...(loved !== undefined && { loved }),
    ...(review !== undefined && { review }),
    ...(note !== undefined && { note }),
    ...(status !== undefined && { status }),
    ...(completedDate !== undefined && { completed_on: completedDate }),
  };
  if (Object.keys(values).length === 0) return;
  await trx
    .insertInto("viewing_remarks")
    .values({ viewing_id: viewingId, ...values })
    .onConflict((conflict) =>
      conflict.column("viewing_id").doUpdateSet({ ...values, updated_at: sql`clock_timestamp()` }),
    )
    .execute();
}
