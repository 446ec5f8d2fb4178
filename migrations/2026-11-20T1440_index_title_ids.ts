import { type Kysely, sql } from "kysely";

/**
 * The seed's indexes by id alone. Ours are unique per media type and lead with it, so that other people's SQL that asks for
 * `tmdb_id = 603` read every work.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create index idx_works_tmdb_id on works (tmdb_id)`.execute(db);
  await sql`create index idx_works_imdb_id on works (imdb_id)`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop index idx_works_tmdb_id, idx_works_imdb_id`.execute(db);
}
