import type { ColumnType, Generated } from "kysely";
import type {
  Day,
  DefaultTimestamp,
  GeneratedBigInt,
  Json,
  NullableJson,
  NullableTimestamp,
} from "#app/db/tables/columns.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { JobStatus, RowStatus } from "#app/imports/status.ts";

/** What the preview decided and every later reader obeys. */
export interface FrozenParseOptions {
  format: string;
  encoding: string;
  delimiter: string;
  [option: string]: unknown;
}

export interface ImportJobsTable {
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
  has_ledger: Generated<boolean>;
  undo_status: "queued" | "processing" | "completed" | "partial" | "failed" | null;
  undo_requested_by: string | null;
  undo_requested_at: NullableTimestamp;
  undone_at: NullableTimestamp;
  undo_total: Generated<number>;
  undo_removed: Generated<number>;
  undo_left: Generated<number>;
  undo_error: string | null;
  failed_rows_exported_at: NullableTimestamp;
}

export interface ImportFilesTable {
  job_id: string;
  content: Buffer;
}

/** A raw record: header → cell as in the file. Cells beyond the header stand under `_extra`; missing cells are absent. */
export type RawRow = Record<string, string | string[]>;

export interface ImportRowsTable {
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
  decision_key: string | null;
  mismatch_key: string | null;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

/** What a row has made, and what became of it when its import was undone. */
export interface ImportChangesTable {
  job_id: string;
  row_number: number;
  kind: "work" | "viewing" | "wish" | "rating" | "remote_film" | "remote_season";
  record_id: string;
  viewed_on: Day;
  before: NullableJson<Record<string, unknown>>;
  undo_result: "removed" | "left" | "gone" | null;
  undo_reason: string | null;
}

export interface ImportRowCorrectionsTable {
  id: GeneratedBigInt;
  job_id: string;
  row_number: number;
  cells: Json<Record<string, string>>;
  additions: ColumnType<Record<string, string>, string | undefined, string>;
  error_code: string | null;
  corrected_by: string;
  repair_id: string | null;
  corrected_at: DefaultTimestamp;
}

export interface ImportRepairsTable {
  id: Generated<string>;
  job_id: string;
  file_name: string;
  file_sha256: string;
  uploaded_by: string;
  replaced_rows: number;
  refused_rows: number;
  created_at: DefaultTimestamp;
}

export interface ImportJobEventsTable {
  id: GeneratedBigInt;
  job_id: string;
  level: Generated<"info" | "warn" | "error">;
  kind: string;
  message: string;
  meta: NullableJson<Record<string, unknown>>;
  created_at: DefaultTimestamp;
}

export interface RemoteRecordsTable {
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

export interface RemoteWritesTable {
  catalogue: string;
  natural_key: string;
  idempotency_key: string;
  body: NullableJson<Record<string, unknown>>;
  record_id: string | null;
  import_job_id: string | null;
  started_at: DefaultTimestamp;
}
