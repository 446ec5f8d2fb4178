import type {
  ApiIdempotencyTable,
  ApiKeysTable,
  AuditLogTable,
  OperatorsTable,
  RequestLimitsTable,
  SessionsTable,
} from "#app/db/tables/access.ts";
import type {
  FestivalCategoriesTable,
  FestivalCeremoniesTable,
  FestivalNominationsTable,
  FestivalNominationTitlesTable,
  FestivalOrganizationsTable,
  ListEntriesTable,
  ListImportPagesTable,
  ListImportsTable,
  MovieListsTable,
} from "#app/db/tables/awards.ts";
import type { BackfillRowsTable, BackfillsTable } from "#app/db/tables/backfills.ts";
import type {
  AggregatesTable,
  ImagesTable,
  OwnRatingsTable,
  RatingSourcesTable,
  SeasonsTable,
  TitleAliasesTable,
  TitleMatchesTable,
  ViewingRemarksTable,
  ViewingsTable,
  WishesTable,
  WorkCardsCacheTable,
  WorkImagesTable,
  WorksMetaTable,
  WorksTable,
} from "#app/db/tables/catalogue.ts";
import type {
  ExcludedTitlesTable,
  FeedGapsTable,
  IngestionMembersTable,
  LostTitlesTable,
  RefreshRulesTable,
  ScheduledIngestionLogTable,
  SyncStateTable,
} from "#app/db/tables/discovery.ts";
import type {
  ImportChangesTable,
  ImportFilesTable,
  ImportJobEventsTable,
  ImportJobsTable,
  ImportRepairsTable,
  ImportRowCorrectionsTable,
  ImportRowsTable,
  RemoteRecordsTable,
  RemoteWritesTable,
} from "#app/db/tables/imports.ts";
import type { IngestClaimsTable, SimilarMoviesTable, WorkChangesTable } from "#app/db/tables/ingest.ts";
import type {
  BulkActionsTable,
  FailureGroupsTable,
  FailureHoursTable,
  JobRunHoursTable,
  JobRunsTable,
  QueuePausesTable,
  RollupsTable,
  SchedulesTable,
  WorkersTable,
} from "#app/db/tables/queue.ts";
import type {
  CharactersTable,
  QuoteFetchesTable,
  QuoteLinesTable,
  QuotesTable,
} from "#app/db/tables/quotes.ts";
import type { MatchReviewsTable } from "#app/db/tables/review.ts";
import type {
  UpstreamBudgetsTable,
  UpstreamCacheTable,
  UpstreamCallSumsTable,
  UpstreamCallsTable,
  UpstreamCircuitsTable,
} from "#app/db/tables/upstreams.ts";

/** Every table of ours, by its name. graphile-worker's own tables are known to `app/queue` alone. */
export interface Database {
  operators: OperatorsTable;
  sessions: SessionsTable;
  api_keys: ApiKeysTable;
  request_limits: RequestLimitsTable;
  audit_log: AuditLogTable;
  api_idempotency: ApiIdempotencyTable;
  import_jobs: ImportJobsTable;
  import_files: ImportFilesTable;
  import_rows: ImportRowsTable;
  import_job_events: ImportJobEventsTable;
  import_changes: ImportChangesTable;
  import_row_corrections: ImportRowCorrectionsTable;
  import_repairs: ImportRepairsTable;
  remote_records: RemoteRecordsTable;
  backfills: BackfillsTable;
  backfill_rows: BackfillRowsTable;
  works: WorksTable;
  works_meta: WorksMetaTable;
  seasons: SeasonsTable;
  remote_writes: RemoteWritesTable;
  rating_sources: RatingSourcesTable;
  similar_movies: SimilarMoviesTable;
  work_changes: WorkChangesTable;
  ingest_claims: IngestClaimsTable;
  aggregates: AggregatesTable;
  work_cards_cache: WorkCardsCacheTable;
  images: ImagesTable;
  work_images: WorkImagesTable;
  viewings: ViewingsTable;
  viewing_remarks: ViewingRemarksTable;
  wishes: WishesTable;
  own_ratings: OwnRatingsTable;
  title_matches: TitleMatchesTable;
  title_aliases: TitleAliasesTable;
  match_reviews: MatchReviewsTable;
  characters: CharactersTable;
  quotes: QuotesTable;
  quote_lines: QuoteLinesTable;
  quote_fetches: QuoteFetchesTable;
  upstream_budgets: UpstreamBudgetsTable;
  upstream_cache: UpstreamCacheTable;
  upstream_calls: UpstreamCallsTable;
  upstream_call_sums: UpstreamCallSumsTable;
  upstream_circuits: UpstreamCircuitsTable;
  job_runs: JobRunsTable;
  job_run_hours: JobRunHoursTable;
  rollups: RollupsTable;
  failure_groups: FailureGroupsTable;
  failure_hours: FailureHoursTable;
  queue_pauses: QueuePausesTable;
  bulk_actions: BulkActionsTable;
  schedules: SchedulesTable;
  workers: WorkersTable;
  refresh_rules: RefreshRulesTable;
  scheduled_ingestion_log: ScheduledIngestionLogTable;
  ingestion_members: IngestionMembersTable;
  sync_state: SyncStateTable;
  feed_gaps: FeedGapsTable;
  lost_titles: LostTitlesTable;
  excluded_titles: ExcludedTitlesTable;
  movie_lists: MovieListsTable;
  list_imports: ListImportsTable;
  list_import_pages: ListImportPagesTable;
  list_entries: ListEntriesTable;
  festival_organizations: FestivalOrganizationsTable;
  festival_ceremonies: FestivalCeremoniesTable;
  festival_categories: FestivalCategoriesTable;
  festival_nominations: FestivalNominationsTable;
  festival_nomination_titles: FestivalNominationTitlesTable;
}
