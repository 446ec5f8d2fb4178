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
  outcome: "completed" | "retrying" | "postponed" | "failed" | "lost";
  statistics: NullableJson<Record<string, unknown>>;
  error_class: string | null;
  error_code: string | null;
  error_message: string | null;
  error_stack: string | null;
  import_job_id: string | null;
  work_id: ColumnType<string | null, string | number | null | undefined, string | number | null>;
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
