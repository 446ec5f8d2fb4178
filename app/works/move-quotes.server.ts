import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** Moves the quotes of one work to another that it turned out to be; what both have by IMDb's id stays once. */
export async function moveQuotes(trx: Kysely<Database>, fromId: string, intoId: string): Promise<void> {
  await sql`
    insert into characters (work_id, name, name_key)
    select ${intoId}::bigint, name, name_key from characters where work_id = ${fromId}::bigint
    on conflict (work_id, name_key) do nothing`.execute(trx);
  await sql`
    delete from quotes as twin using quotes as kept
    where twin.work_id = ${fromId}::bigint and kept.work_id = ${intoId}::bigint
      and twin.imdb_quote_id = kept.imdb_quote_id`.execute(trx);
  await sql`
    update quote_lines set character_id = theirs.character_id
    from characters as own, characters as theirs
    where own.work_id = ${fromId}::bigint and quote_lines.character_id = own.character_id
      and theirs.work_id = ${intoId}::bigint and theirs.name_key = own.name_key`.execute(trx);
  await sql`update quotes set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint`.execute(trx);
  await sql`
    delete from characters where work_id = ${intoId}::bigint
      and not exists (select from quote_lines where quote_lines.character_id = characters.character_id)`.execute(
    trx,
  );
}
