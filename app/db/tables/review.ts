import type {
  DefaultTimestamp,
  GeneratedBigInt,
  Json,
  NullableJson,
  NullableTimestamp,
} from "#app/db/tables/columns.ts";

export interface MatchReviewsTable {
  id: GeneratedBigInt;
  decision_key: string;
  title: string;
  year_hint: number | null;
  kind: "movie" | "tv" | null;
  media_type: "movie" | "tv" | null;
  tmdb_id: number | null;
  found: NullableJson<{ title: string; year: number | null; posterPath: string | null }>;
  row_count: number;
  import_count: number;
  asked: Json<Record<string, unknown>>;
  decided_by: string;
  decided_at: DefaultTimestamp;
  taken_back_at: NullableTimestamp;
  taken_back_by: string | null;
}
