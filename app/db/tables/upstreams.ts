import type { ColumnType, Generated } from "kysely";
import type {
  BigIntId,
  DefaultTimestamp,
  GeneratedBigInt,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "#app/db/tables/columns.ts";

export interface UpstreamBudgetsTable {
  service: string;
  next_at: DefaultTimestamp;
  day: ColumnType<string, string | undefined, string>;
  used_today: Generated<number>;
  blocked_until: NullableTimestamp;
  updated_at: DefaultTimestamp;
}

export interface UpstreamCacheTable {
  service: string;
  request_key: string;
  status: number | null;
  body: NullableJson<unknown>;
  fetched_at: NullableTimestamp;
  expires_at: NullableTimestamp;
  fetching_by: string | null;
  fetching_until: NullableTimestamp;
}

export interface UpstreamCallsTable {
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

export interface UpstreamCircuitsTable {
  service: string;
  state: Generated<"closed" | "open">;
  reason_code: string | null;
  reason: string | null;
  opened_at: NullableTimestamp;
  retry_at: NullableTimestamp;
  key_fingerprint: string | null;
  updated_at: DefaultTimestamp;
}

export interface UpstreamCallSumsTable {
  grain: "minute" | "hour" | "quarter" | "day";
  starts_at: Timestamp;
  service: string;
  endpoint: string;
  task: string;
  outcome: string;
  cached: boolean;
  bucket: number;
  calls: BigIntId;
  duration_ms: BigIntId;
}
