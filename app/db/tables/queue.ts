import type { ColumnType, Generated } from "kysely";
import type {
  BigIntId,
  DefaultTimestamp,
  GeneratedBigInt,
  Json,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "#app/db/tables/columns.ts";

export interface JobRunsTable {
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
  outcome: "completed" | "retrying" | "postponed" | "failed" | "lost" | "discarded";
  statistics: NullableJson<Record<string, unknown>>;
  error_class: string | null;
  error_code: string | null;
  error_message: string | null;
  error_stack: string | null;
  import_job_id: string | null;
  work_id: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  fingerprint: string | null;
  schedule: ColumnType<string | null, never, never>;
}

export interface JobRunHoursTable {
  hour: Timestamp;
  task: string;
  outcome: string;
  bucket: number;
  runs: BigIntId;
  duration_ms: BigIntId;
}

export interface RollupsTable {
  name: string;
  rolled_until: DefaultTimestamp;
}

export interface FailureGroupsTable {
  fingerprint: string;
  task: string;
  error_code: string | null;
  error_class: string | null;
  sample_message: string;
  sample_job_id: BigIntId;
  failures: Generated<string>;
  first_seen_at: DefaultTimestamp;
  last_seen_at: DefaultTimestamp;
  ignored_until: NullableTimestamp;
  ignored_by: string | null;
  ignored_reason: string | null;
}

export interface FailureHoursTable {
  fingerprint: string;
  hour: Timestamp;
  failures: number;
}

export interface QueuePausesTable {
  id: GeneratedBigInt;
  flag: string;
  reason: string;
  paused_by: string;
  paused_at: DefaultTimestamp;
  resumed_by: string | null;
  resumed_at: NullableTimestamp;
}

export interface BulkActionsTable {
  id: Generated<string>;
  action: "retry" | "run_now" | "reschedule" | "set_priority" | "discard";
  parameters: Json<Record<string, unknown>>;
  filter: Json<Record<string, unknown>>;
  status: Generated<"queued" | "running" | "completed" | "aborted" | "failed">;
  asked: number;
  looked_at: Generated<number>;
  done: Generated<number>;
  refused: ColumnType<Record<string, number>, string | undefined, string>;
  last_job_id: Generated<string>;
  newest_job_id: BigIntId;
  requested_by: string;
  error_message: string | null;
  created_at: DefaultTimestamp;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  abort_requested_at: NullableTimestamp;
  aborted_by: string | null;
  updated_at: DefaultTimestamp;
}

export interface SchedulesTable {
  id: string;
  known_since: DefaultTimestamp;
}

export interface WorkersTable {
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
