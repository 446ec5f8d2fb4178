import type { ColumnType, Generated } from "kysely";
import type {
  BigIntId,
  Day,
  DefaultTimestamp,
  GeneratedBigInt,
  NullableTimestamp,
  Timestamp,
} from "#app/db/tables/columns.ts";

export interface WorksTable {
  work_id: ColumnType<string, never, never>;
  media_type: "movie" | "tv";
  tmdb_id: number | null;
  imdb_id: string | null;
  title: string;
  original_title: string | null;
  original_language: string | null;
  title_key: string;
  year: number | null;
  release_date: Day;
  total_seasons: number | null;
  total_episodes: number | null;
  last_tmdb_update: NullableTimestamp;
  last_refreshed_at: NullableTimestamp;
  request_count: Generated<number>;
  ingestion_status: Generated<"pending" | "ingesting" | "complete" | "failed">;
  ingestion_error: string | null;
  totals_note: string | null;
  totals_checked_at: NullableTimestamp;
  due_at: NullableTimestamp;
  due_reason:
    | "details_missing"
    | "schema_behind"
    | "changed"
    | "age"
    | "failed"
    | "lost"
    | "no_tmdb_id"
    | null;
  changed_at: NullableTimestamp;
  refresh_attempted_at: NullableTimestamp;
  last_refresh_result: "stored" | "missing" | "merged" | "failed" | null;
  last_refresh_error: string | null;
  refresh_failures: Generated<number>;
  changed_by_hand_at: NullableTimestamp;
  last_viewed_on: Day;
  search_text: Generated<string>;
  search_words: ColumnType<string, never, never>;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

export interface WorksMetaTable {
  work_id: BigIntId;
  runtime_minutes: number | null;
  runtime_display: string | null;
  tagline: string | null;
  overview: string | null;
  overview_short: string | null;
  genres: Generated<string[]>;
  certification: string | null;
  poster_url_small: string | null;
  poster_url_medium: string | null;
  poster_url_large: string | null;
  poster_url_original: string | null;
  backdrop_url: string | null;
  backdrop_url_mobile: string | null;
  cast_members: ColumnType<unknown[], string | undefined, string>;
  crew_members: ColumnType<unknown[], string | undefined, string>;
  trailers: ColumnType<unknown[], string | undefined, string>;
  still_images: ColumnType<unknown[], string | undefined, string>;
  streaming: ColumnType<Record<string, unknown>, string | undefined, string>;
  keywords: Generated<string[]>;
  production_companies: ColumnType<unknown[], string | undefined, string>;
  production_countries: Generated<string[]>;
  budget: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  revenue_worldwide: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  schema_version: Generated<number>;
  fetched_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
  images_due_at: NullableTimestamp;
}

export interface SeasonsTable {
  work_id: BigIntId;
  season_number: number;
  name: string | null;
  episode_count: number;
  air_date: Day;
  poster_url: string | null;
  updated_at: DefaultTimestamp;
}

export interface RatingSourcesTable {
  rating_id: GeneratedBigInt;
  work_id: BigIntId;
  source_name: string;
  scale_type: string;
  value_raw: string;
  value_0_100: ColumnType<string | null, string | number | null, string | number | null>;
  votes_count: number | null;
  last_seen_at: DefaultTimestamp;
}

export interface AggregatesTable {
  work_id: BigIntId;
  method_version: number;
  ai_score: ColumnType<string | null, string | number | null, string | number | null>;
  ai_score_low: ColumnType<string | null, string | number | null, string | number | null>;
  ai_score_high: ColumnType<string | null, string | number | null, string | number | null>;
  source_scores: ColumnType<Record<string, unknown>, string | undefined, string>;
  computed_at: DefaultTimestamp;
}

export interface WorkCardsCacheTable {
  work_id: BigIntId;
  payload: ColumnType<unknown, string | null | undefined, string | null>;
  payload_short: ColumnType<unknown, string | null | undefined, string | null>;
  etag: string | null;
  computed_at: NullableTimestamp;
  card_version: Generated<number>;
}

export interface ImagesTable {
  image_id: GeneratedBigInt;
  source_url: string;
  status: Generated<"pending" | "stored" | "failed">;
  sha256: string | null;
  content_type: "image/jpeg" | "image/png" | "image/webp" | null;
  file_name: ColumnType<string | null, never, never>;
  bytes: number | null;
  width: number | null;
  height: number | null;
  attempts: Generated<number>;
  error: string | null;
  next_try_at: NullableTimestamp;
  fetched_at: NullableTimestamp;
  created_at: DefaultTimestamp;
}

export interface WorkImagesTable {
  work_id: BigIntId;
  role: "poster_medium" | "poster_large" | "backdrop" | "cast" | "still" | "trailer";
  position: Generated<number>;
  image_id: BigIntId;
}

export interface ViewingsTable {
  id: GeneratedBigInt;
  work_id: BigIntId;
  season_number: number | null;
  episode_number: number | null;
  episode_title: string | null;
  episode_key: ColumnType<string | null, never, never>;
  viewed_on: Day;
  occurrence: Generated<number>;
  rewatch: Generated<boolean>;
  rating: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  source_uri: string | null;
  import_job_id: string | null;
  row_number: number | null;
  created_at: DefaultTimestamp;
}

export interface ViewingRemarksTable {
  viewing_id: BigIntId;
  loved: boolean | null;
  review: number | null;
  note: string | null;
  status: "watching" | "completed" | "on_hold" | null;
  completed_on: Day;
  updated_at: DefaultTimestamp;
}

export interface WishesTable {
  work_id: BigIntId;
  wished_on: Day;
  import_job_id: string | null;
  row_number: number | null;
  created_at: DefaultTimestamp;
}

export interface OwnRatingsTable {
  id: GeneratedBigInt;
  work_id: BigIntId;
  season_number: number | null;
  episode_number: number | null;
  rating: ColumnType<string, string | number, string | number>;
  rated_on: Day;
  import_job_id: string | null;
  row_number: number | null;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

export interface TitleMatchesTable {
  title_key: string;
  media_type: "movie" | "tv" | null;
  tmdb_id: number | null;
  imdb_id: string | null;
  season_number: number | null;
  episode_number: number | null;
  outcome: "match" | "review" | "none";
  score: ColumnType<string, string | number, string | number>;
  strategy: string;
  reason_code: string;
  reason: string;
  candidates: ColumnType<unknown[], string | undefined, string>;
  decided_at: DefaultTimestamp;
  expires_at: Timestamp;
}

export interface TitleAliasesTable {
  title_key: string;
  media_type: "movie" | "tv" | null;
  tmdb_id: number | null;
  decided_by: string;
  decided_at: DefaultTimestamp;
  used_count: Generated<number>;
  last_used_at: NullableTimestamp;
  review_id: ColumnType<string | null, string | null | undefined, string | null>;
}
