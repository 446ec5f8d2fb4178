import type { ColumnType, Generated } from "kysely";
import type {
  BigIntId,
  Day,
  DefaultTimestamp,
  GeneratedBigInt,
  NullableTimestamp,
} from "#app/db/tables/columns.ts";

type OptionalBigInt = ColumnType<string | null, string | number | null | undefined, string | number | null>;
type Metadata = ColumnType<Record<string, unknown>, string | undefined, string>;

export interface MovieListsTable {
  id: GeneratedBigInt;
  source_key: string;
  name: string;
  description: string | null;
  source_type: "imdb" | "imdb_event";
  source_url: string;
  source_id: string;
  category: "awards" | "critics" | "curated" | "festivals" | "personal" | "registry";
  tracks_awards: Generated<boolean>;
  active: Generated<boolean>;
  fetch_way: Generated<"page" | "tabstack" | "upload">;
  metadata: Metadata;
  last_import_at: NullableTimestamp;
  last_import_status: "success" | "failed" | "partial" | "pending" | null;
  last_movie_count: number | null;
  total_imports: Generated<number>;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

export interface ListImportsTable {
  id: GeneratedBigInt;
  list_id: BigIntId;
  status: Generated<"running" | "completed" | "partial" | "failed">;
  trigger_type: "fetch" | "upload_page" | "upload_csv";
  is_whole: Generated<boolean>;
  years: Generated<number[]>;
  pages_total: Generated<number>;
  pages_done: Generated<number>;
  pages_failed: Generated<number>;
  declared: number | null;
  found: Generated<number>;
  added: Generated<number>;
  gone: Generated<number>;
  errors: ColumnType<{ at: string; code: string; message: string }[], string | undefined, string>;
  error_code: string | null;
  error_message: string | null;
  requested_by: string;
  queue_job_id: OptionalBigInt;
  started_at: DefaultTimestamp;
  finished_at: NullableTimestamp;
  updated_at: DefaultTimestamp;
}

export interface ListImportPagesTable {
  import_id: BigIntId;
  year: Generated<number>;
  page: number;
  status: Generated<"pending" | "done" | "failed">;
  found: number | null;
  declared: number | null;
  way: string | null;
  error_code: string | null;
  error_message: string | null;
  updated_at: DefaultTimestamp;
}

export interface ListEntriesTable {
  id: GeneratedBigInt;
  list_id: BigIntId;
  imdb_id: string;
  position: number;
  title: string;
  original_title: string | null;
  year: number | null;
  kind: "movie" | "tv" | "episode" | "other" | null;
  description: string | null;
  award_text: string | null;
  work_id: OptionalBigInt;
  unlinked_code: string | null;
  unlinked_reason: string | null;
  last_import_id: BigIntId;
  first_seen_at: DefaultTimestamp;
  last_seen_at: DefaultTimestamp;
  gone_at: NullableTimestamp;
}

export interface FestivalOrganizationsTable {
  id: GeneratedBigInt;
  imdb_event_id: string;
  name: string;
  abbreviation: string | null;
  country: string | null;
  founded_year: number | null;
  website: string | null;
  metadata: Metadata;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

export interface FestivalCeremoniesTable {
  id: GeneratedBigInt;
  organization_id: BigIntId;
  year: number;
  instance: Generated<number>;
  ceremony_number: number | null;
  name: string;
  location: string | null;
  start_date: Day;
  end_date: Day;
  declared: number | null;
  found: Generated<number>;
  titled: Generated<number>;
  shortfalls: ColumnType<
    { award: string; category: string | null; declared: number; found: number }[],
    string | undefined,
    string
  >;
  source_url: string | null;
  scraped_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

export interface FestivalCategoriesTable {
  id: GeneratedBigInt;
  organization_id: BigIntId;
  award_name: string;
  name: string;
  tracks_person: Generated<boolean>;
}

export interface FestivalNominationsTable {
  id: GeneratedBigInt;
  ceremony_id: BigIntId;
  category_id: BigIntId;
  nomination_key: string;
  imdb_id: string | null;
  position: number;
  won: boolean;
  notes: string | null;
  work_id: OptionalBigInt;
  person_imdb_id: string | null;
  person_name: string | null;
  persons: ColumnType<{ imdbId: string | null; name: string }[], string | undefined, string>;
  companies: Generated<string[]>;
  songs: Generated<string[]>;
  episodes: ColumnType<{ imdbId: string; title: string; year: number | null }[], string | undefined, string>;
  created_at: DefaultTimestamp;
  last_seen_at: DefaultTimestamp;
  gone_at: NullableTimestamp;
}

export interface FestivalNominationTitlesTable {
  nomination_id: BigIntId;
  position: number;
  imdb_id: string;
  title: string;
  year: number | null;
  kind: "movie" | "tv" | "episode" | "other" | null;
  work_id: OptionalBigInt;
  unlinked_code: string | null;
  unlinked_reason: string | null;
}
