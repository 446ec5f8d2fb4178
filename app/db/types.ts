import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { JobStatus, RowStatus } from "#app/imports/status.ts";

/** `timestamptz`: a Date out of the database; a Date or an SQL expression in. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type DefaultTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** `date`: kept as `YYYY-MM-DD` text (see client.server.ts): a day has no time zone. */
type Day = ColumnType<string | null, string | null | undefined, string | null>;
/** `bigint` identities stay strings in JavaScript; numbers are accepted where they are safe. */
type BigIntId = ColumnType<string, string | number, string | number>;
type GeneratedBigInt = ColumnType<string, never, never>;
type Json<T> = JSONColumnType<T & object, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

interface OperatorsTable {
  id: Generated<string>;
  email: string;
  password_hash: string;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
  last_signed_in_at: NullableTimestamp;
  disabled_at: NullableTimestamp;
}

interface SessionsTable {
  token_hash: Buffer;
  operator_id: string;
  created_at: DefaultTimestamp;
  last_seen_at: DefaultTimestamp;
  expires_at: Timestamp;
  user_agent: string | null;
  client_address: string | null;
}

interface ApiKeysTable {
  id: Generated<string>;
  name: string;
  key_hash: Buffer;
  prefix: string;
  created_at: DefaultTimestamp;
  created_by: string | null;
  last_used_at: NullableTimestamp;
  revoked_at: NullableTimestamp;
}

interface RequestLimitsTable {
  subject: string;
  next_at: Timestamp;
}

interface AuditLogTable {
  id: GeneratedBigInt;
  at: DefaultTimestamp;
  actor_type: "operator" | "api_key" | "system";
  actor: string;
  action: string;
  subject: string | null;
  details: NullableJson<Record<string, unknown>>;
  request_id: string | null;
}

/** What the preview decided and every later reader obeys. */
export interface FrozenParseOptions {
  format: string;
  encoding: string;
  delimiter: string;
  [option: string]: unknown;
}

interface ImportJobsTable {
  id: Generated<string>;
  type: "movies" | "shows";
  source: string;
  format: string;
  status: Generated<JobStatus>;
  dry_run: Generated<boolean>;
  skip_duplicates: Generated<boolean>;
  catalogue: Generated<string>;
  file_name: string;
  file_bytes: number;
  file_sha256: string;
  parse_options: Json<FrozenParseOptions>;
  columns: string[];
  total_rows: Generated<number>;
  processed_rows: Generated<number>;
  success_rows: Generated<number>;
  failed_rows: Generated<number>;
  skipped_rows: Generated<number>;
  review_rows: Generated<number>;
  distinct_titles: Generated<number>;
  uploaded_by: string | null;
  idempotency_key: string | null;
  error_code: string | null;
  error_message: string | null;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
  started_at: NullableTimestamp;
  completed_at: NullableTimestamp;
}

interface ImportFilesTable {
  job_id: string;
  content: Buffer;
}

/** A raw record: header → cell as in the file. Cells beyond the header stand under `_extra`; missing cells are absent. */
export type RawRow = Record<string, string | string[]>;

interface ImportRowsTable {
  id: Generated<string>;
  job_id: string;
  row_number: number;
  line_number: number;
  raw_payload: Json<RawRow>;
  normalized_payload: NullableJson<NormalizedRow>;
  status: Generated<RowStatus>;
  error_code: string | null;
  error_message: string | null;
  outcome: NullableJson<Record<string, unknown>>;
  title_key: string | null;
  dedupe_key: string | null;
  work_id: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  target_record_id: string | null;
  attempt_count: Generated<number>;
  lost_claims: Generated<number>;
  claimed_by: string | null;
  claim_token: string | null;
  lease_until: NullableTimestamp;
  write_key: string | null;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

interface ImportJobEventsTable {
  id: GeneratedBigInt;
  job_id: string;
  level: Generated<"info" | "warn" | "error">;
  kind: string;
  message: string;
  meta: NullableJson<Record<string, unknown>>;
  created_at: DefaultTimestamp;
}

interface RemoteRecordsTable {
  catalogue: string;
  media_type: "movie" | "tv";
  record_id: string;
  title_key: string;
  tmdb_id: number | null;
  imdb_id: string | null;
  viewed_on: Day;
  seasons: Generated<number[]>;
  seen_at: DefaultTimestamp;
}

interface WorksTable {
  work_id: ColumnType<string, never, never>;
  media_type: "movie" | "tv";
  tmdb_id: number | null;
  imdb_id: string | null;
  title: string;
  original_title: string | null;
  original_language: string | null;
  title_key: string;
  year: number | null;
  release_date: Day;
  total_seasons: number | null;
  total_episodes: number | null;
  last_tmdb_update: NullableTimestamp;
  last_refreshed_at: NullableTimestamp;
  request_count: Generated<number>;
  ingestion_status: Generated<"pending" | "ingesting" | "complete" | "failed">;
  ingestion_error: string | null;
  totals_note: string | null;
  totals_checked_at: NullableTimestamp;
  last_viewed_on: Day;
  search_text: Generated<string>;
  search_words: ColumnType<string, never, never>;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

interface WorksMetaTable {
  work_id: BigIntId;
  runtime_minutes: number | null;
  runtime_display: string | null;
  tagline: string | null;
  overview: string | null;
  overview_short: string | null;
  genres: Generated<string[]>;
  certification: string | null;
  poster_url_small: string | null;
  poster_url_medium: string | null;
  poster_url_large: string | null;
  poster_url_original: string | null;
  backdrop_url: string | null;
  backdrop_url_mobile: string | null;
  cast_members: ColumnType<unknown[], string | undefined, string>;
  crew_members: ColumnType<unknown[], string | undefined, string>;
  trailers: ColumnType<unknown[], string | undefined, string>;
  still_images: ColumnType<unknown[], string | undefined, string>;
  streaming: ColumnType<Record<string, unknown>, string | undefined, string>;
  keywords: Generated<string[]>;
  production_companies: ColumnType<unknown[], string | undefined, string>;
  production_countries: Generated<string[]>;
  budget: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  revenue_worldwide: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  schema_version: Generated<number>;
  fetched_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

interface SeasonsTable {
  work_id: BigIntId;
  season_number: number;
  name: string | null;
  episode_count: number;
  air_date: Day;
  poster_url: string | null;
  updated_at: DefaultTimestamp;
}

interface RemoteWritesTable {
  catalogue: string;
  natural_key: string;
  idempotency_key: string;
  body: NullableJson<Record<string, unknown>>;
  record_id: string | null;
  import_job_id: string | null;
  started_at: DefaultTimestamp;
}

interface RatingSourcesTable {
  rating_id: GeneratedBigInt;
  work_id: BigIntId;
  source_name: string;
  scale_type: string;
  value_raw: string;
  value_0_100: ColumnType<string | null, string | number | null, string | number | null>;
  votes_count: number | null;
  last_seen_at: DefaultTimestamp;
}

interface ViewingsTable {
  id: GeneratedBigInt;
  work_id: BigIntId;
  season_number: number | null;
  episode_number: number | null;
  episode_title: string | null;
  episode_key: ColumnType<string | null, never, never>;
  viewed_on: Day;
  occurrence: Generated<number>;
  rewatch: Generated<boolean>;
  rating: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  source_uri: string | null;
  import_job_id: string | null;
  row_number: number | null;
  created_at: DefaultTimestamp;
}

interface ViewingRemarksTable {
  viewing_id: BigIntId;
  loved: boolean | null;
  review: number | null;
  note: string | null;
  status: "watching" | "completed" | "on_hold" | null;
  completed_on: Day;
  updated_at: DefaultTimestamp;
}

interface ApiIdempotencyTable {
  caller: string;
  idempotency_key: string;
  request_hash: string;
  status: number | null;
  body: NullableJson<unknown>;
  created_at: DefaultTimestamp;
}

interface WishesTable {
  work_id: BigIntId;
  wished_on: Day;
  import_job_id: string | null;
  row_number: number | null;
  created_at: DefaultTimestamp;
}

interface OwnRatingsTable {
  id: GeneratedBigInt;
  work_id: BigIntId;
  season_number: number | null;
  episode_number: number | null;
  rating: ColumnType<string, string | number, string | number>;
  rated_on: Day;
  import_job_id: string | null;
  row_number: number | null;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

interface TitleMatchesTable {
  title_key: string;
  media_type: "movie" | "tv" | null;
  tmdb_id: number | null;
  imdb_id: string | null;
  season_number: number | null;
  episode_number: number | null;
  outcome: "match" | "review" | "none";
  score: ColumnType<string, string | number, string | number>;
  strategy: string;
  reason_code: string;
  reason: string;
  candidates: ColumnType<unknown[], string | undefined, string>;
  decided_at: DefaultTimestamp;
  expires_at: Timestamp;
}

interface TitleAliasesTable {
  title_key: string;
  media_type: "movie" | "tv" | null;
  tmdb_id: number | null;
  decided_by: string;
  decided_at: DefaultTimestamp;
  used_count: Generated<number>;
  last_used_at: NullableTimestamp;
}

interface UpstreamBudgetsTable {
  service: string;
  next_at: DefaultTimestamp;
  day: ColumnType<string, string | undefined, string>;
  used_today: Generated<number>;
  blocked_until: NullableTimestamp;
  updated_at: DefaultTimestamp;
}

interface UpstreamCacheTable {
  service: string;
  request_key: string;
  status: number | null;
  body: NullableJson<unknown>;
  fetched_at: NullableTimestamp;
  expires_at: NullableTimestamp;
  fetching_by: string | null;
  fetching_until: NullableTimestamp;
}

interface UpstreamCallsTable {
  id: GeneratedBigInt;
  at: DefaultTimestamp;
  service: string;
  endpoint: string;
  method: Generated<string>;
  status: number | null;
  error_code: string | null;
  duration_ms: number;
  cached: Generated<boolean>;
  attempt: Generated<number>;
  task: string | null;
  queue_job_id: string | null;
  import_job_id: string | null;
  row_number: number | null;
  work_id: string | null;
}

interface UpstreamCircuitsTable {
  service: string;
  state: Generated<"closed" | "open">;
  reason_code: string | null;
  reason: string | null;
  opened_at: NullableTimestamp;
  retry_at: NullableTimestamp;
  key_fingerprint: string | null;
  updated_at: DefaultTimestamp;
}

interface JobRunsTable {
  id: GeneratedBigInt;
  job_id: BigIntId;
  task: string;
  payload: Json<unknown>;
  job_key: string | null;
  attempt: number;
  max_attempts: number;
  worker_id: string | null;
  enqueued_at: Timestamp;
  run_at: Timestamp;
  started_at: Timestamp;
  finished_at: Timestamp;
  outcome: "completed" | "retrying" | "postponed" | "failed" | "lost";
  statistics: NullableJson<Record<string, unknown>>;
  error_class: string | null;
  error_code: string | null;
  error_message: string | null;
  error_stack: string | null;
  import_job_id: string | null;
  work_id: ColumnType<string | null, string | number | null | undefined, string | number | null>;
}

interface WorkersTable {
  id: string;
  host: string;
  pid: number;
  version: string;
  concurrency: number;
  pool_ids: Generated<string[]>;
  memory_bytes: ColumnType<string | null, number | null | undefined, number | null>;
  running_jobs: Generated<number>;
  started_at: DefaultTimestamp;
  heartbeat_at: DefaultTimestamp;
  stopped_at: NullableTimestamp;
  declared_dead_at: NullableTimestamp;
  released_jobs: number | null;
}

/** Every table of ours, by its name. graphile-worker's own tables are known to `app/queue` alone. */
export interface Database {
  operators: OperatorsTable;
  sessions: SessionsTable;
  api_keys: ApiKeysTable;
  request_limits: RequestLimitsTable;
  audit_log: AuditLogTable;
  api_idempotency: ApiIdempotencyTable;
  import_jobs: ImportJobsTable;
  import_files: ImportFilesTable;
  import_rows: ImportRowsTable;
  import_job_events: ImportJobEventsTable;
  remote_records: RemoteRecordsTable;
  works: WorksTable;
  works_meta: WorksMetaTable;
  seasons: SeasonsTable;
  remote_writes: RemoteWritesTable;
  rating_sources: RatingSourcesTable;
  viewings: ViewingsTable;
  viewing_remarks: ViewingRemarksTable;
  wishes: WishesTable;
  own_ratings: OwnRatingsTable;
  title_matches: TitleMatchesTable;
  title_aliases: TitleAliasesTable;
  upstream_budgets: UpstreamBudgetsTable;
  upstream_cache: UpstreamCacheTable;
  upstream_calls: UpstreamCallsTable;
  upstream_circuits: UpstreamCircuitsTable;
  job_runs: JobRunsTable;
  workers: WorkersTable;
}
