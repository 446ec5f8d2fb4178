import { type Kysely, sql } from "kysely";

/** Since when a crontab line is known: a tick before that has not been missed (J-06). */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table schedules (
      id text primary key,
      known_since timestamptz not null default clock_timestamp()
    )`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table schedules`.execute(db);
}
