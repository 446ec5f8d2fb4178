import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { ChangeKind } from "#app/imports/undo/undo-reasons.ts";
import {
  ratingVerdict,
  viewingVerdict,
  wishVerdict,
  workVerdict,
} from "#app/imports/undo/verdicts.server.ts";

/** Something that would be, or was, left. */
export interface LeftRecord {
  rowNumber: number;
  lineNumber: number;
  kind: ChangeKind;
  title: string;
  /** Its code; see `reasonSentence`. */
  reason: string;
}

/** What undoing an import would do as things stand now. */
export interface UndoForecast {
  /** How many records of each kind would be removed. */
  removed: Partial<Record<ChangeKind, number>>;
  leftCount: number;
  /** The first of them. */
  left: LeftRecord[];
}

const LEFT_SHOWN = 100;

/** Every entry of the ledger that is still to be undone, with the verdict on it. */
function judged(jobId: string): RawBuilder<unknown> {
  const open = sql`change.job_id = ${jobId}::uuid and change.undo_result is distinct from 'removed'
    and change.undo_result is distinct from 'gone'`;
  return sql`
    select change.row_number, change.kind, change.record_id, ${viewingVerdict} as verdict
    from import_changes as change left join viewings as viewing on viewing.id = change.record_id::bigint
    where ${open} and change.kind = 'viewing'
    union all
    select change.row_number, change.kind, change.record_id, ${wishVerdict}
    from import_changes as change left join wishes as wish on wish.work_id = change.record_id::bigint
    where ${open} and change.kind = 'wish'
    union all
    select change.row_number, change.kind, change.record_id, ${ratingVerdict}
    from import_changes as change left join own_ratings as rating on rating.id = change.record_id::bigint
    where ${open} and change.kind = 'rating'
    union all
    select change.row_number, change.kind, change.record_id, ${workVerdict(true)}
    from import_changes as change left join works as work on work.work_id = change.record_id::bigint
    where ${open} and change.kind = 'work'
    union all
    -- What became of a record over there is asked when it is removed, not for every look at this page.
    select change.row_number, change.kind, change.record_id, case when change.kind = 'remote_season' then 'REMOTE_SERIES' end
    from import_changes as change where ${open} and change.kind in ('remote_film', 'remote_season')`;
}

/**
 * Says what undoing would remove and what it would leave, and why. Nothing is locked: what is touched after this is judged
 * again when it is removed.
 */
export async function foretellUndo(db: Kysely<Database>, jobId: string): Promise<UndoForecast> {
  const { rows } = await sql<{
    removed: Partial<Record<ChangeKind, number>> | null;
    leftCount: number;
    left: LeftRecord[] | null;
  }>`
    with judged as materialized (${judged(jobId)}),
    -- Rows of one season share its record.
    counted as (
      select kind, count(distinct record_id)::int as count from judged where verdict is null group by kind
    ), left_ones as (
      select row_number, kind, record_id, verdict from judged where verdict not in ('GONE', 'REPLACED')
    ), first_left as (
      select left_ones.row_number as "rowNumber", line_number as "lineNumber", kind, coalesce(normalized_payload->>'title', '') as title, verdict as reason
      from (select * from left_ones order by row_number, kind limit ${LEFT_SHOWN}) as left_ones
      join import_rows on job_id = ${jobId}::uuid and import_rows.row_number = left_ones.row_number
      order by left_ones.row_number, kind
    )
    select (select json_object_agg(kind, count) from counted) as removed,
      (select count(*)::int from left_ones) as "leftCount", (select json_agg(first_left) from first_left) as left`.execute(
    db,
  );
  const [found] = rows;
  return { removed: found?.removed ?? {}, leftCount: found?.leftCount ?? 0, left: found?.left ?? [] };
}
