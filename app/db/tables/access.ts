import type { Generated } from "kysely";
import type {
  DefaultTimestamp,
  GeneratedBigInt,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "#app/db/tables/columns.ts";

export interface OperatorsTable {
  id: Generated<string>;
  email: string;
  password_hash: string;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
  last_signed_in_at: NullableTimestamp;
  disabled_at: NullableTimestamp;
}

export interface SessionsTable {
  token_hash: Buffer;
  operator_id: string;
  created_at: DefaultTimestamp;
  last_seen_at: DefaultTimestamp;
  expires_at: Timestamp;
  user_agent: string | null;
  client_address: string | null;
}

export interface ApiKeysTable {
  id: Generated<string>;
  name: string;
  key_hash: Buffer;
  prefix: string;
  created_at: DefaultTimestamp;
  created_by: string | null;
  last_used_at: NullableTimestamp;
  revoked_at: NullableTimestamp;
}

export interface RequestLimitsTable {
  subject: string;
  next_at: Timestamp;
}

export interface AuditLogTable {
  id: GeneratedBigInt;
  at: DefaultTimestamp;
  actor_type: "operator" | "api_key" | "system";
  actor: string;
  action: string;
  subject: string | null;
  details: NullableJson<Record<string, unknown>>;
  request_id: string | null;
}

export interface ApiIdempotencyTable {
  caller: string;
  idempotency_key: string;
  request_hash: string;
  status: number | null;
  body: NullableJson<unknown>;
  created_at: DefaultTimestamp;
}
