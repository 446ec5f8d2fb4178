import type { ColumnType, Generated } from "kysely";
import type {
  BigIntId,
  DefaultTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
} from "#app/db/tables/columns.ts";

export interface BackfillsTable {
  id: Generated<string>;
  catalogue: string | null;
  filter: Json<Record<string, unknown>>;
  fields: string[];
  status: Generated<"queued" | "processing" | "completed" | "partial" | "failed" | "cancelled">;
  total_rows: Generated<number>;
  success_rows: Generated<number>;
  failed_rows: Generated<number>;
  skipped_rows: Generated<number>;
  queue_job_id: ColumnType<string | null, string | number | null | undefined, never>;
  requested_by: string;
  error_message: string | null;
  created_at: DefaultTimestamp;
  started_at: NullableTimestamp;
  completed_at: NullableTimestamp;
  updated_at: DefaultTimestamp;
}

export interface BackfillRowsTable {
  backfill_id: string;
  row_number: number;
  work_id: BigIntId | null;
  record_id: string | null;
  media_type: "movie" | "tv";
  title: string;
  year: number | null;
  tmdb_id: number | null;
  imdb_id: string | null;
  lacks: string[];
  status: Generated<"pending" | "processing" | "success" | "failed" | "skipped">;
  filled: NullableJson<Record<string, unknown>>;
  error_code: string | null;
  error_message: string | null;
  attempt_count: Generated<number>;
  claim_token: string | null;
  lease_until: NullableTimestamp;
  updated_at: DefaultTimestamp;
}
