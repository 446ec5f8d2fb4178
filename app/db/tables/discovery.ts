import type { ColumnType, Generated } from "kysely";
import type {
  BigIntId,
  DefaultTimestamp,
  GeneratedBigInt,
  Json,
  NullableTimestamp,
} from "#app/db/tables/columns.ts";

/** A day that is always there, as `YYYY-MM-DD`. */
type RequiredDay = ColumnType<string, string, string>;
type OptionalBigInt = ColumnType<string | null, string | number | null | undefined, string | number | null>;

export interface RefreshRulesTable {
  id: GeneratedBigInt;
  rules: Json<Record<string, unknown>>;
  created_by: string;
  created_at: DefaultTimestamp;
}

export interface ScheduledIngestionLogTable {
  id: GeneratedBigInt;
  kind: Generated<"discovery" | "refresh">;
  source: "popular" | "now_playing" | "trending" | "mixed" | "refresh";
  status: Generated<"running" | "completed" | "partial" | "failed">;
  trigger_type: "scheduled" | "manual";
  parameters: ColumnType<Record<string, unknown>, string | undefined, string>;
  movies_checked: Generated<number>;
  movies_skipped: Generated<number>;
  movies_ingested: Generated<number>;
  movies_failed: Generated<number>;
  movies_not_attempted: ColumnType<number, never, never>;
  ingested_titles: Generated<string[]>;
  failed_titles: Generated<string[]>;
  pages_read: Generated<number>;
  errors: ColumnType<{ at: string; code: string; message: string }[], string | undefined, string>;
  error_code: string | null;
  error_message: string | null;
  duration_ms: Generated<number>;
  job_id: OptionalBigInt;
  listing: ColumnType<Record<string, unknown>, string | undefined, string>;
  planned_at: NullableTimestamp;
  created_at: DefaultTimestamp;
  started_at: DefaultTimestamp;
  finished_at: NullableTimestamp;
  updated_at: DefaultTimestamp;
}

export interface IngestionMembersTable {
  run_id: BigIntId;
  position: number;
  media_type: Generated<"movie" | "tv">;
  tmdb_id: number;
  work_id: OptionalBigInt;
  title: string;
  year: number | null;
  source: string;
  status: Generated<"pending" | "ingested" | "skipped" | "failed">;
  reason: string | null;
  message: string | null;
  planned_at: DefaultTimestamp;
  settled_at: NullableTimestamp;
}

export interface SyncStateTable {
  id: GeneratedBigInt;
  sync_type: string;
  last_sync_at: NullableTimestamp;
  last_sync_cursor: string | null;
  sync_count: Generated<number>;
  updated_at: DefaultTimestamp;
}

export interface FeedGapsTable {
  id: GeneratedBigInt;
  sync_type: string;
  gap_from: RequiredDay;
  gap_to: RequiredDay;
  recorded_at: DefaultTimestamp;
  closed_at: NullableTimestamp;
}

export interface LostTitlesTable {
  id: GeneratedBigInt;
  work_id: BigIntId;
  media_type: "movie" | "tv";
  tmdb_id: number;
  kind: "deleted" | "merged";
  merged_into: number | null;
  first_seen_at: DefaultTimestamp;
  last_seen_at: DefaultTimestamp;
  decision: "keep" | "remove_id" | "point_at" | "restored" | null;
  new_tmdb_id: number | null;
  decided_by: string | null;
  decided_at: NullableTimestamp;
}

export interface ExcludedTitlesTable {
  media_type: "movie" | "tv";
  tmdb_id: number;
  title: string;
  year: number | null;
  reason: string | null;
  excluded_by: string;
  excluded_at: DefaultTimestamp;
}
