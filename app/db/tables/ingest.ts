import type { ColumnType } from "kysely";
import type { BigIntId, DefaultTimestamp, GeneratedBigInt, Timestamp } from "#app/db/tables/columns.ts";

export interface IngestClaimsTable {
  tmdb_id: number;
  token: string;
  lease_until: Timestamp;
  claimed_at: DefaultTimestamp;
}

export interface SimilarMoviesTable {
  work_id: BigIntId;
  similar_tmdb_id: number;
  source: string;
  rank_order: number;
  confidence: ColumnType<string | null, string | number | null, string | number | null>;
  title: string;
  year: number | null;
  notes: string | null;
  created_at: DefaultTimestamp;
}

export interface WorkChangesTable {
  id: GeneratedBigInt;
  work_id: BigIntId;
  at: DefaultTimestamp;
  source: string;
  changes: ColumnType<Record<string, { before: unknown; after: unknown }>, string, never>;
}
