import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  // Answers to requests that carried an Idempotency-Key: the same request again gets the same answer, without its effect.
  await sql`
    create table api_idempotency (
      caller text not null,
      idempotency_key text not null,
      request_hash text not null,
      -- Null only inside the transaction that does the work: others wait for it.
      status integer,
      body json,
      created_at timestamptz not null default clock_timestamp(),
      constraint api_idempotency_pkey primary key (caller, idempotency_key)
    )`.execute(db);
  await sql`create index api_idempotency_created_at_idx on api_idempotency (created_at)`.execute(db);

  // What callers of POST and PATCH say about a viewing beyond its day. Apart from viewings: few have it, and they stay narrow.
  await sql`
    create table viewing_remarks (
      viewing_id bigint primary key constraint viewing_remarks_viewing_id_fkey references viewings (id) on delete cascade,
      loved boolean,
      review integer,
      note text,
      -- Of a season alone.
      status text constraint viewing_remarks_status_check check (status in ('watching', 'completed', 'on_hold')),
      completed_on date,
      updated_at timestamptz not null default clock_timestamp()
    )`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table viewing_remarks, api_idempotency`.execute(db);
}
