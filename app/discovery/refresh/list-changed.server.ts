import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { FieldChange } from "#app/works/diff-facts.ts";
import { fieldChanges, type StoredChanges } from "#app/works/work-changes.server.ts";

export interface ChangedWork {
  id: string;
  workId: string;
  mediaType: "movie" | "tv";
  title: string;
  year: number | null;
  at: Date;
  source: string;
  fields: FieldChange[];
}

/**
 * What refreshes have changed, newest first, field by field.
 *
 * @param page.before id of the last one of the page before
 */
export async function listChanged(
  db: Kysely<Database>,
  page: { limit: number; before?: string | undefined },
): Promise<{ works: ChangedWork[]; next: string | null }> {
  const beyond = page.before ? sql`change.id < ${page.before}::bigint` : sql`true`;
  const { rows } = await sql<Omit<ChangedWork, "fields"> & { changes: StoredChanges }>`
    select change.id, change.work_id as "workId", works.media_type as "mediaType", works.title, works.year, change.at,
      change.source, change.changes
    from work_changes as change join works using (work_id)
    where ${beyond} order by change.id desc limit ${page.limit + 1}`.execute(db);
  const works = rows
    .slice(0, page.limit)
    .map(({ changes, ...work }) => ({ ...work, fields: fieldChanges(changes) }));
  return { works, next: rows.length > page.limit ? (works.at(-1)?.id ?? null) : null };
}
