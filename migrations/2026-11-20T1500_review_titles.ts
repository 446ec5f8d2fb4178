import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  // The key of `requestKey` (app/matching/resolution.ts), which a test holds to this one: rows with the same key share a decision.
  await sql`
    create function title_request_key(title_key text, asked jsonb) returns text
    language sql immutable parallel safe as $$
      select case
        when coalesce(asked->'ids'->>'tmdb', '0') <> '0'
          then 'tmdb:' || coalesce(asked->>'kind', 'movie') || ':' || (asked->'ids'->>'tmdb')
        when coalesce(asked->'ids'->>'imdb', '') <> '' then 'imdb:' || (asked->'ids'->>'imdb')
        when coalesce(asked->'ids'->>'tvdb', '0') <> '0' then 'tvdb:' || (asked->'ids'->>'tvdb')
        else title_key
      end
    $$`.execute(db);

  // Set by the statement that settles a row: where its title waits for an operator's decision or was settled by one; and where a
  // title was accepted by itself although it is not called what the row says.
  await sql`alter table import_rows add column decision_key text, add column mismatch_key text`.execute(db);
  await sql`
    update import_rows set decision_key = title_request_key(title_key, normalized_payload)
    where normalized_payload is not null and (status = 'review' or outcome->'match'->>'strategy' = 'alias')`.execute(
    db,
  );
  await sql`drop index import_rows_review_title_key_idx`.execute(db);
  // The list of doubtful titles is added up out of this index alone.
  await sql`create index import_rows_waiting_idx on import_rows (decision_key, job_id) where status = 'review'`.execute(
    db,
  );
  // What a decision has settled: counted for its alias, and opened again when it is revoked.
  await sql`create index import_rows_decided_idx on import_rows (decision_key, status)
    where decision_key is not null and status <> 'review'`.execute(db);
  await sql`create index import_rows_mismatch_idx on import_rows (mismatch_key, job_id) where mismatch_key is not null`.execute(
    db,
  );

  await sql`
    create table match_reviews (
      id bigint generated always as identity primary key,
      decision_key text not null,
      -- The title as it was written, for people; the key has another spelling.
      title text not null,
      year_hint integer,
      kind text constraint match_reviews_kind_check check (kind in ('movie', 'tv')),
      media_type text constraint match_reviews_media_type_check check (media_type in ('movie', 'tv')),
      tmdb_id integer,
      -- What it was decided to be, as it was called then: title, year, posterPath.
      found jsonb,
      row_count integer not null,
      import_count integer not null,
      -- What the operator was asked, as it stood on the rows: candidates and the reason for the doubt. Taken back, rows wait with it again.
      asked jsonb not null,
      decided_by text not null,
      decided_at timestamptz not null default clock_timestamp(),
      taken_back_at timestamptz,
      taken_back_by text,
      constraint match_reviews_target_check check ((tmdb_id is null) = (media_type is null)),
      constraint match_reviews_taken_back_check check ((taken_back_at is null) = (taken_back_by is null))
    )`.execute(db);
  await sql`create index match_reviews_decided_by_idx on match_reviews (decided_by, id desc) where taken_back_at is null`.execute(
    db,
  );
  await sql`create index match_reviews_decided_at_idx on match_reviews (decided_at)`.execute(db);
  await sql`create index match_reviews_decision_key_idx on match_reviews (decision_key, id desc)`.execute(db);

  await sql`alter table title_aliases add column review_id bigint
    constraint title_aliases_review_id_fkey references match_reviews (id) on delete set null`.execute(db);
  await sql`create index title_aliases_review_id_idx on title_aliases (review_id)`.execute(db);
  await sql`create index title_aliases_decided_at_idx on title_aliases (decided_at desc, title_key desc)`.execute(
    db,
  );
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop index title_aliases_decided_at_idx, title_aliases_review_id_idx`.execute(db);
  await sql`alter table title_aliases drop column review_id`.execute(db);
  await sql`drop table match_reviews`.execute(db);
  await sql`drop index import_rows_waiting_idx, import_rows_decided_idx, import_rows_mismatch_idx`.execute(
    db,
  );
  await sql`create index import_rows_review_title_key_idx on import_rows (title_key) where status = 'review'`.execute(
    db,
  );
  await sql`alter table import_rows drop column decision_key, drop column mismatch_key`.execute(db);
  await sql`drop function title_request_key(text, jsonb)`.execute(db);
}
