import type { ColumnType, Generated } from "kysely";
import type {
  BigIntId,
  DefaultTimestamp,
  GeneratedBigInt,
  NullableJson,
  NullableTimestamp,
} from "#app/db/tables/columns.ts";

export interface CharactersTable {
  character_id: GeneratedBigInt;
  work_id: BigIntId;
  name: string;
  name_key: string;
  created_at: DefaultTimestamp;
}

export interface QuotesTable {
  quote_id: GeneratedBigInt;
  work_id: BigIntId;
  source: "imdb" | "manual";
  imdb_quote_id: string | null;
  imdb_title_id: string | null;
  words_key: string;
  source_words_key: string | null;
  edited_at: NullableTimestamp;
  deleted_at: NullableTimestamp;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

export interface QuoteLinesTable {
  quote_id: BigIntId;
  position: number;
  line_type: "dialogue" | "stage_direction" | "narration";
  character_id: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  text: string;
}

export interface QuoteFetchesTable {
  work_id: BigIntId;
  status: Generated<"unasked" | "pending" | "complete" | "none" | "suspicious" | "failed">;
  due_at: NullableTimestamp;
  is_bulk: Generated<boolean>;
  is_empty_accepted: Generated<boolean>;
  fetched_at: NullableTimestamp;
  statistics: NullableJson<Record<string, unknown>>;
  error_code: string | null;
  error_message: string | null;
  updated_at: DefaultTimestamp;
}
