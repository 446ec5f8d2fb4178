import { type Kysely, sql } from "kysely";
import { linkTitle } from "#app/awards/titles/link-titles.server.ts";
import { type WantedTitle, wantTitles } from "#app/awards/titles/want-titles.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";

type Trx = Kysely<Database>;

/** Which titles are meant: all of a list, of a ceremony, of an organisation; one of them alone with `imdbId`. */
export type TitlesOf = { listId: string } | { ceremonyId: string } | { organizationId: string };

/**
 * Looks again for titles that have no work, those that TMDB did not know included.
 *
 * @returns how many are looked for
 * @throws AppError NOTHING_UNLINKED (409)
 */
export async function lookAgain(trx: Trx, of: TitlesOf, imdbId?: string): Promise<number> {
  const one = imdbId ? sql`and title.imdb_id = ${imdbId}` : sql``;
  const { rows } = await sql<WantedTitle>`
    ${
      "listId" in of
        ? sql`select imdb_id as "imdbId", kind from list_entries as title
            where list_id = ${of.listId}::bigint and work_id is null and gone_at is null ${one}`
        : sql`select distinct on (imdb_id) imdb_id as "imdbId", kind from festival_nomination_titles as title
            join festival_nominations as nomination on nomination.id = title.nomination_id
            join festival_ceremonies as ceremony on ceremony.id = nomination.ceremony_id
            where title.work_id is null and nomination.gone_at is null ${one} and ${
              "ceremonyId" in of
                ? sql`ceremony.id = ${of.ceremonyId}::bigint`
                : sql`ceremony.organization_id = ${of.organizationId}::bigint`
            } order by imdb_id`
    }`.execute(trx);
  const wanted = rows.filter(({ kind }) => kind !== "episode" && kind !== "other");
  if (wanted.length === 0)
    throw new AppError("NOTHING_UNLINKED", 409, "No title that could be looked for is without its work.");
  const ids = sql.val(wanted.map((title) => title.imdbId));
  for (const table of ["festival_nomination_titles", "list_entries"])
    await sql`
      update ${sql.table(table)} set unlinked_code = null, unlinked_reason = null
      where imdb_id = any(${ids}::text[]) and work_id is null and unlinked_code is not null`.execute(trx);
  await wantTitles(trx, wanted);
  return wanted.length;
}

/**
 * Links a title to a work because somebody says so, wherever it is named, now and in later imports.
 *
 * @param work the work's id, or the address of its page
 * @returns the work's title
 * @throws AppError BAD_WORK (422)
 */
export async function linkByHand(
  trx: Trx,
  imdbId: string,
  work: string,
): Promise<{ workId: string; title: string }> {
  const [, workId] = /^(?:.*\/library\/)?(\d{1,18})\/?$/.exec(work.trim()) ?? [];
  const found = workId
    ? await trx
        .selectFrom("works")
        .select(["work_id as workId", "title"])
        .where("work_id", "=", workId)
        .executeTakeFirst()
    : undefined;
  if (!found)
    throw new AppError(
      "BAD_WORK",
      422,
      "This is no work of the library. Open its page there and paste its address, or the number at its end.",
      { field: "work" },
    );
  await linkTitle(trx, imdbId, found.workId, { again: true });
  return found;
}
