import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/**
 * Links every entry and nomination of these titles that has no work yet to the one that is known: the work that carries the
 * IMDb id, or the one that the same title was linked to before, by hand perhaps.
 *
 * @returns how many titles are linked now
 */
export async function linkKnownTitles(trx: Kysely<Database>, imdbIds: readonly string[]): Promise<number> {
  if (imdbIds.length === 0) return 0;
  const ids = sql.val([...new Set(imdbIds)]);
  const { rows } = await sql<{ imdbId: string; workId: string }>`
    select distinct on (imdb_id) imdb_id as "imdbId", work_id as "workId" from (
      select imdb_id, work_id, 1 as rank from list_entries where imdb_id = any(${ids}::text[]) and work_id is not null
      union all
      select imdb_id, work_id, 1 from festival_nomination_titles where imdb_id = any(${ids}::text[]) and work_id is not null
      union all
      -- A film and a series may carry one IMDb id by TMDB's mistake; lists are of films first.
      select imdb_id, work_id, case media_type when 'movie' then 2 else 3 end from works where imdb_id = any(${ids}::text[])
    ) as known order by imdb_id, rank, work_id`.execute(trx);
  await setWorks(
    trx,
    sql`json_to_recordset(${JSON.stringify(rows)}::json) as known ("imdbId" text, "workId" bigint)`,
    sql`is null`,
  );
  return rows.length;
}

/** Links a title wherever it stands. With `again`, also where it is linked to another work: somebody has decided. */
export async function linkTitle(
  trx: Kysely<Database>,
  imdbId: string,
  workId: string,
  options: { again?: boolean } = {},
): Promise<void> {
  await setWorks(
    trx,
    sql`(select ${imdbId}::text as "imdbId", ${workId}::bigint as "workId") as known`,
    options.again ? sql`is distinct from known."workId"` : sql`is null`,
  );
}

/**
 * @param known a relation of `imdbId` and `workId` named `known`
 * @param which of the rows are linked, by their present work
 */
async function setWorks(
  trx: Kysely<Database>,
  known: RawBuilder<unknown>,
  which: RawBuilder<unknown>,
): Promise<void> {
  // Nominations before their titles, as an edition is stored: the other order would meet it in a deadlock.
  await sql`
    update festival_nominations as nomination set work_id = known."workId"
    from festival_nomination_titles as title, ${known}
    where title.imdb_id = known."imdbId" and title.position = 1 and nomination.id = title.nomination_id
      and nomination.work_id ${which}`.execute(trx);
  await sql`
    update festival_nomination_titles as title set work_id = known."workId", unlinked_code = null, unlinked_reason = null
    from ${known} where title.imdb_id = known."imdbId" and title.work_id ${which}`.execute(trx);
  await sql`
    update list_entries as entry set work_id = known."workId", unlinked_code = null, unlinked_reason = null
    from ${known} where entry.imdb_id = known."imdbId" and entry.work_id ${which}`.execute(trx);
}

/** Keeps why a title could not be linked, with every entry and nomination that names it. */
export async function leaveUnlinked(
  db: Kysely<Database>,
  imdbId: string,
  why: { code: string; message: string },
): Promise<void> {
  for (const table of ["festival_nomination_titles", "list_entries"] as const)
    await db
      .updateTable(table)
      .set({ unlinked_code: why.code, unlinked_reason: why.message })
      .where("imdb_id", "=", imdbId)
      .where("work_id", "is", null)
      .execute();
}
