import type {
  ApiIdempotencyTable,
  ApiKeysTable,
  AuditLogTable,
  OperatorsTable,
  RequestLimitsTable,
  SessionsTable,
} from "#app/db/tables/access.ts";
import type {
  OwnRatingsTable,
  RatingSourcesTable,
  SeasonsTable,
  TitleAliasesTable,
  TitleMatchesTable,
  ViewingRemarksTable,
  ViewingsTable,
  WishesTable,
  WorksMetaTable,
  WorksTable,
} from "#app/db/tables/catalogue.ts";
import type {
  ImportFilesTable,
  ImportJobEventsTable,
  ImportJobsTable,
  ImportRowsTable,
  RemoteRecordsTable,
  RemoteWritesTable,
} from "#app/db/tables/imports.ts";
import type {
  BulkActionsTable,
  FailureGroupsTable,
  FailureHoursTable,
  JobRunHoursTable,
  JobRunsTable,
  QueuePausesTable,
  RollupsTable,
  WorkersTable,
} from "#app/db/tables/queue.ts";
import type {
  UpstreamBudgetsTable,
  UpstreamCacheTable,
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
  remote_records: RemoteRecordsTable;
  works: WorksTable;
  works_meta: WorksMetaTable;
  seasons: SeasonsTable;
  remote_writes: RemoteWritesTable;
  rating_sources: RatingSourcesTable;
  viewings: ViewingsTable;
  viewing_remarks: ViewingRemarksTable;
  wishes: WishesTable;
  own_ratings: OwnRatingsTable;
  title_matches: TitleMatchesTable;
  title_aliases: TitleAliasesTable;
  upstream_budgets: UpstreamBudgetsTable;
  upstream_cache: UpstreamCacheTable;
  upstream_calls: UpstreamCallsTable;
  upstream_circuits: UpstreamCircuitsTable;
  job_runs: JobRunsTable;
  job_run_hours: JobRunHoursTable;
  rollups: RollupsTable;
  failure_groups: FailureGroupsTable;
  failure_hours: FailureHoursTable;
  queue_pauses: QueuePausesTable;
  bulk_actions: BulkActionsTable;
  workers: WorkersTable;
}
