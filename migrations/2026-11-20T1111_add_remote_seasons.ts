import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  // A remote series is one record with its seasons, or one record per season: either way these are the seasons it holds.
  await sql`alter table remote_records add column seasons integer[] not null default '{}'`.execute(db);
  // What was sent first. Whoever sends the key again sends this, whatever its own row says. json keeps the order of its keys.
  await sql`alter table remote_writes add column body json`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`alter table remote_writes drop column body`.execute(db);
  await sql`alter table remote_records drop column seasons`.execute(db);
}
