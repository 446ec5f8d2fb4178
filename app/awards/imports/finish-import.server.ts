import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

type Trx = Kysely<Database>;

interface Pages {
  total: number;
  done: number;
  failed: number;
  found: number;
  declared: number | null;
  code: string | null;
  message: string | null;
}

/** How an import stands, by its pages. */
interface Verdict {
  status: "running" | "completed" | "partial" | "failed";
  code: string | null;
  message: string | null;
}

/**
 * Counts an import's pages anew, and ends it when none is open. Called on the transaction of every page that is settled; the
 * import's row is locked first, so that of two last pages one sees the other.
 *
 * Titles that a whole import did not meet are marked as gone, but never by one that met fewer than the list says it has, or
 * none at all, or was not told how many there are: then it is our reading that is short, not the list.
 */
export async function finishImport(trx: Trx, importId: string): Promise<Verdict["status"]> {
  const { rows } = await sql<{ listId: string; isWhole: boolean; isEvent: boolean; isStopped: boolean }>`
    select one.list_id as "listId", one.is_whole as "isWhole", list.source_type = 'imdb_event' as "isEvent",
      one.error_code is not distinct from 'STOPPED' as "isStopped"
    from list_imports as one join movie_lists as list on list.id = one.list_id
    where one.id = ${importId}::bigint for update`.execute(trx);
  const [run] = rows;
  if (!run || run.isStopped) return "failed";
  const pages = await readPages(trx, importId, run);
  const verdict = judge(pages, run);
  // A page that does not say how many there are may have been read in part.
  const isComplete =
    verdict.status === "completed" &&
    pages.found > 0 &&
    pages.declared !== null &&
    pages.found >= pages.declared;
  const gone = isComplete && run.isWhole && !run.isEvent ? await markGone(trx, run.listId, importId) : 0;
  await sql`
    update list_imports set status = ${verdict.status}, pages_total = ${pages.total}, pages_done = ${pages.done},
      pages_failed = ${pages.failed}, found = ${pages.found}, declared = ${pages.declared}::int, gone = gone + ${gone},
      error_code = ${verdict.code}, error_message = ${verdict.message},
      finished_at = case when ${verdict.status} = 'running' then null else clock_timestamp() end, updated_at = clock_timestamp()
    where id = ${importId}::bigint`.execute(trx);
  await noteOnList(trx, run, verdict, pages);
  return verdict.status;
}

async function readPages(
  trx: Trx,
  importId: string,
  { listId, isWhole, isEvent }: { listId: string; isWhole: boolean; isEvent: boolean },
): Promise<Pages> {
  const { rows } = await sql<Pages>`
    select count(*)::int as total, count(*) filter (where status = 'done')::int as done,
      count(*) filter (where status = 'failed')::int as failed, coalesce(sum(found), 0)::int as found,
      ${isEvent ? sql`sum(declared)` : sql`max(declared)`}::int as declared,
      min(error_code) filter (where status = 'failed') as code, min(error_message) filter (where status = 'failed') as message
    from list_import_pages where import_id = ${importId}::bigint`.execute(trx);
  const pages = rows[0] ?? {
    total: 0,
    done: 0,
    failed: 0,
    found: 0,
    declared: null,
    code: null,
    message: null,
  };
  if (isEvent) return pages;
  // A list that shifts shows a title on two pages; and pages that are uploaded one by one add up to a list.
  const { rows: present } = await sql<{ count: number }>`
    select count(*)::int as count from list_entries where list_id = ${listId}::bigint and gone_at is null
      and ${isWhole ? sql`last_import_id = ${importId}::bigint` : sql`true`}`.execute(trx);
  return { ...pages, found: present[0]?.count ?? 0 };
}

function judge(pages: Pages, { isWhole, isEvent }: { isWhole: boolean; isEvent: boolean }): Verdict {
  const { total, done, failed, found, declared } = pages;
  if (done + failed < total || total === 0) return { status: "running", code: null, message: null };
  if (done === 0) return { status: "failed", code: pages.code, message: pages.message };
  if (failed > 0)
    return {
      status: "partial",
      code: pages.code,
      message: `${failed} of ${total} pages could not be read. ${pages.message ?? ""}`.trim(),
    };
  if (declared === null || found >= declared) return { status: "completed", code: null, message: null };
  return {
    status: "partial",
    code: "SHORT",
    message:
      isWhole || isEvent
        ? `IMDb names ${declared}, and ${found} were on the pages that it gave.`
        : `${found} of ${declared} are here now. Upload the list's other pages, or its CSV export, which holds all.`,
  };
}

async function markGone(trx: Trx, listId: string, importId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update list_entries set gone_at = clock_timestamp()
    where list_id = ${listId}::bigint and gone_at is null and last_import_id <> ${importId}::bigint`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}

const ON_LIST = { running: "pending", completed: "success", partial: "partial", failed: "failed" } as const;

async function noteOnList(
  trx: Trx,
  { listId, isEvent }: { listId: string; isEvent: boolean },
  { status }: Verdict,
  pages: Pages,
): Promise<void> {
  await sql`
    update movie_lists set last_import_status = ${ON_LIST[status]}, updated_at = clock_timestamp(),
      last_import_at = case when ${status} = 'running' then last_import_at else clock_timestamp() end,
      last_movie_count = case
        when ${pages.done} = 0 then last_movie_count
        when ${isEvent} then ${pages.found}
        else (select count(*)::int from list_entries where list_id = ${listId}::bigint and gone_at is null) end
    where id = ${listId}::bigint`.execute(trx);
}

/** Ends an import that cannot even be planned, with the reason. */
export async function failImport(
  trx: Trx,
  importId: string,
  why: { code: string; message: string },
): Promise<void> {
  await sql`
    with failed as (
      update list_imports set status = 'failed', error_code = ${why.code}, error_message = ${why.message},
        finished_at = clock_timestamp(), updated_at = clock_timestamp()
      where id = ${importId}::bigint and status = 'running' returning list_id
    )
    update movie_lists set last_import_status = 'failed', last_import_at = clock_timestamp(), updated_at = clock_timestamp()
    where id in (select list_id from failed)`.execute(trx);
}

/**
 * Ends an import by hand: pages that are still to come are not stored any more.
 *
 * @returns whether it was under way
 */
export async function stopImport(trx: Trx, listId: string, by: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update list_imports set status = 'failed', error_code = 'STOPPED', error_message = ${`Stopped by ${by}.`},
      finished_at = clock_timestamp(), updated_at = clock_timestamp()
    where list_id = ${listId}::bigint and status = 'running'`.execute(trx);
  if (Number(numAffectedRows ?? 0) === 0) return false;
  await sql`
    update movie_lists set last_import_status = 'failed', last_import_at = clock_timestamp(), updated_at = clock_timestamp()
    where id = ${listId}::bigint`.execute(trx);
  return true;
}
