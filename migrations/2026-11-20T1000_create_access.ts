import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table operators (
      id uuid primary key default gen_random_uuid(),
      email text not null,
      password_hash text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      last_signed_in_at timestamptz,
      disabled_at timestamptz
    )`.execute(db);
  await sql`create unique index operators_email_key on operators (lower(email))`.execute(db);

  // Sessions hold the SHA-256 of the token in the cookie: a copy of this table signs nobody in.
  await sql`
    create table sessions (
      token_hash bytea primary key,
      operator_id uuid not null constraint sessions_operator_id_fkey references operators (id) on delete cascade,
      created_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      expires_at timestamptz not null,
      user_agent text,
      client_address inet
    )`.execute(db);
  await sql`create index sessions_operator_id_idx on sessions (operator_id)`.execute(db);
  await sql`create index sessions_expires_at_idx on sessions (expires_at)`.execute(db);

  await sql`
    create table api_keys (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      key_hash bytea not null constraint api_keys_key_hash_key unique,
      prefix text not null,
      created_at timestamptz not null default now(),
      created_by text,
      last_used_at timestamptz,
      revoked_at timestamptz
    )`.execute(db);
  // A name may be used again once its key is revoked.
  await sql`create unique index api_keys_name_key on api_keys (name) where revoked_at is null`.execute(db);

  // One row per thing that is limited ("sign-in:account:…", "api-key:…"): generic cell rate algorithm on the database's clock.
  await sql`
    create table request_limits (
      subject text primary key,
      next_at timestamptz not null
    )`.execute(db);
  await sql`create index request_limits_next_at_idx on request_limits (next_at)`.execute(db);

  await sql`
    create table audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      actor_type text not null constraint audit_log_actor_type_check check (actor_type in ('operator', 'api_key', 'system')),
      actor text not null,
      action text not null,
      subject text,
      details jsonb,
      request_id text
    )`.execute(db);
  await sql`create index audit_log_at_idx on audit_log (at desc)`.execute(db);
  await sql`create index audit_log_subject_idx on audit_log (subject, at desc)`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table audit_log, request_limits, api_keys, sessions, operators`.execute(db);
}
