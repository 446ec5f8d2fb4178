import { z } from "zod";
import {
  errorAnswer,
  importAccepted,
  importJob,
  importJobs,
  importRow,
  importRows,
  importSummary,
} from "#app/imports/import-answers.ts";
import { quoteAnswer } from "#app/quotes/quote-answers.ts";
import { catalogueOperations } from "#app/routes/api/catalogue-operations.ts";
import { jobListQuery, rowsQuery, uploadFields } from "#app/routes/api/import-requests.ts";
import type { Operation } from "#app/routes/api/operation.ts";
import { cardParts } from "#app/works/card-answers.ts";
import { mediaItem } from "#app/works/media-answers.ts";
import { showSeason } from "#app/works/record-answers.ts";

const health = z
  .object({
    status: z.enum(["ready", "not ready"]),
    checks: z.object({ database: z.string(), migrated: z.string(), worker: z.string() }),
  })
  .meta({ id: "Readiness", description: 'Per check "ok", or a sentence about what is not.' });

const uploadErrors = {
  400: "`NO_FILE`, `TOO_MANY_FILES`, `UPLOAD_ABORTED`, `MALFORMED_UPLOAD`, `UNKNOWN_SOURCE`, `INVALID_INPUT`, `INVALID_IDEMPOTENCY_KEY`",
  404: "`IMPORT_NOT_FOUND`: there is no import of the id in `repairs`",
  409: "`REQUEST_IN_PROGRESS`: an earlier request with the same Idempotency-Key is still being taken in; `AMBIGUOUS_REPAIR`: a corrected failed-rows file that several imports fit; `IMPORT_UNDONE`",
  413: "`FILE_TOO_LARGE`, `TOO_MANY_ROWS`",
  415: "`NOT_MULTIPART`, `NOT_A_CSV`, `ZIP_FILE`, `GZIP_FILE`, `NOT_TEXT`",
  422: "The file cannot be used: `EMPTY_FILE`, `NO_ROWS`, `NO_HEADER`, `HEADER_MISMATCH` and others; or `IDEMPOTENCY_KEY_REUSED`, `NOT_CORRECTABLE`",
};

const notFound = { 404: "`IMPORT_NOT_FOUND`" };

const UPLOADED_ONCE =
  "The same key with the same file and options gives the same import, however often it is sent.";

const upload = (type: "movies" | "shows", what: string): Operation => ({
  id: type === "movies" ? "importMovies" : "importShows",
  method: "post",
  path: `/bulk-import/${type}`,
  tag: "Imports",
  summary: `Import a file of ${what}`,
  description:
    "Takes one CSV file in. Every record becomes a row; rows that cannot be used are failed at once, each with its reason, and do not hold the others up. A corrected file of an import's failed rows repairs that import: its corrected rows are tried again, and no other import is made.",
  needsKey: true,
  uploadFields,
  idempotencyKey: UPLOADED_ONCE,
  success: { status: 202, description: "Taken in; a worker goes on with it.", schema: importAccepted },
  errors: uploadErrors,
  curl: `-H "Idempotency-Key: $(uuidgen)" -F file=@watched.csv {origin}/bulk-import/${type}`,
});

/** The operations that exist, in the order in which they are explained. */
export const operations: readonly Operation[] = [
  upload("movies", "films"),
  upload("shows", "series"),
  {
    id: "listImports",
    method: "get",
    path: "/bulk-import/jobs",
    tag: "Imports",
    summary: "List imports",
    description: "Newest first. Pass nextCursor back as cursor for the next page.",
    needsKey: true,
    query: jobListQuery,
    success: { status: 200, description: "A page of imports.", schema: importJobs },
    errors: { 400: "`INVALID_INPUT`, `BAD_CURSOR`" },
    curl: `"{origin}/bulk-import/jobs?status=processing&limit=20"`,
  },
  {
    id: "showImport",
    method: "get",
    path: "/bulk-import/jobs/{jobId}",
    tag: "Imports",
    summary: "Show an import",
    needsKey: true,
    success: { status: 200, description: "The import and how far it is.", schema: importJob },
    errors: notFound,
    curl: "{origin}/bulk-import/jobs/$JOB_ID",
  },
  {
    id: "listRows",
    method: "get",
    path: "/bulk-import/jobs/{jobId}/rows",
    tag: "Imports",
    summary: "List the rows of an import",
    needsKey: true,
    query: rowsQuery,
    success: { status: 200, description: "A page of rows, by row number.", schema: importRows },
    errors: { 400: "`INVALID_INPUT`", ...notFound },
    curl: `"{origin}/bulk-import/jobs/$JOB_ID/rows?status=failed&limit=50&offset=0"`,
  },
  {
    id: "exportFailedRows",
    method: "get",
    path: "/bulk-import/jobs/{jobId}/failed-rows.csv",
    tag: "Imports",
    summary: "Export the failed rows",
    description:
      "The file's own columns, order and delimiter, then `_row`, `_error_code` and `_error`. Cells that a spreadsheet would take for a formula get an apostrophe in front, which is taken off again when the corrected file is uploaded.",
    needsKey: true,
    success: { status: 200, description: "UTF-8 CSV, as a download.", mediaType: "text/csv" },
    errors: notFound,
    curl: "-O -J {origin}/bulk-import/jobs/$JOB_ID/failed-rows.csv",
  },
  {
    id: "retryFailedRows",
    method: "post",
    path: "/bulk-import/jobs/{jobId}/retry-failed",
    tag: "Imports",
    summary: "Retry the failed rows",
    description:
      "Sends failed rows round again, and goes on with a cancelled import. Rows whose contents are wrong stay failed until they are corrected.",
    needsKey: true,
    success: { status: 202, description: "The import, queued again.", schema: importJob },
    errors: { ...notFound, 409: "`NOTHING_TO_RETRY`, `IMPORT_UNDONE`" },
    curl: "-X POST {origin}/bulk-import/jobs/$JOB_ID/retry-failed",
  },
  {
    id: "cancelImport",
    method: "post",
    path: "/bulk-import/jobs/{jobId}/cancel",
    tag: "Imports",
    summary: "Cancel an import",
    description: "Stops between rows. What has been written stays written.",
    needsKey: true,
    success: { status: 202, description: "The import, cancelled.", schema: importJob },
    errors: { ...notFound, 409: "`ALREADY_FINISHED`" },
    curl: "-X POST {origin}/bulk-import/jobs/$JOB_ID/cancel",
  },
  ...catalogueOperations,
  {
    id: "alive",
    method: "get",
    path: "/healthz",
    tag: "Health",
    summary: "Whether the web process is alive",
    needsKey: false,
    success: { status: 200, description: "It is.", schema: z.object({ status: z.literal("alive") }) },
    errors: {},
    curl: "{origin}/healthz",
  },
  {
    id: "ready",
    method: "get",
    path: "/readyz",
    tag: "Health",
    summary: "Whether work can be done",
    description: "The database is reachable and migrated, and a worker has been heard of in the last minute.",
    needsKey: false,
    success: { status: 200, description: "All of it.", schema: health },
    errors: { 503: "`NOT_READY`: `checks` says what is missing" },
    curl: "{origin}/readyz",
  },
  {
    id: "metrics",
    method: "get",
    path: "/metrics",
    tag: "Health",
    summary: "Figures for Prometheus",
    description:
      "Queue, runs, upstreams, imports, workers and schedules, and the web process that answers. `deploy/` holds a scrape configuration, alerts and a Grafana dashboard.",
    needsKey: true,
    success: {
      status: 200,
      description: "Prometheus text, version 0.0.4.",
      mediaType: "text/plain; version=0.0.4; charset=utf-8",
    },
    errors: {},
    curl: "{origin}/metrics",
  },
];

/** What every operation that needs a key may answer beside its own. */
export const commonErrors: Readonly<Record<number, string>> = {
  401: "`NO_API_KEY`, `BAD_API_KEY`",
  403: "`API_KEY_REVOKED`",
  405: "`METHOD_NOT_ALLOWED`; `Allow` names the methods that there are",
  429: "`TOO_MANY_REQUESTS`; `Retry-After` says when to come again",
  503: "`DATABASE_AWAY`; `Retry-After` says when to come again",
};

/** Every error's body. */
export const errorSchema = errorAnswer;

/** Schemas that others are made of and that deserve a name of their own. */
export const sharedSchemas: readonly z.ZodType[] = [
  importSummary,
  importRow,
  mediaItem,
  quoteAnswer,
  showSeason,
  ...cardParts,
];
