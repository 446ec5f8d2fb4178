import { index, layout, prefix, type RouteConfig, route } from "@react-router/dev/routes";

/** The map of URLs. Pages stand inside the shell; machine API, files and streams answer by themselves. */
export default [
  route("sign-in", "routes/sign-in.tsx"),
  route("sign-out", "routes/sign-out.tsx"),
  route("set-up", "routes/set-up.tsx"),

  layout("routes/shell.tsx", [
    index("routes/overview.tsx"),
    ...prefix("imports", [
      index("routes/imports/index.tsx"),
      route("new", "routes/imports/new.tsx"),
      route(":jobId", "routes/imports/show.tsx"),
      route(":jobId/undo", "routes/imports/undo.tsx"),
    ]),
    ...prefix("review", [index("routes/review/index.tsx"), route("aliases", "routes/review/aliases.tsx")]),
    ...prefix("discovery", [
      index("routes/discovery/discovery.tsx"),
      route("runs/:runId", "routes/discovery/run.tsx"),
      route("refresh", "routes/discovery/refresh.tsx"),
      route("lost", "routes/discovery/lost.tsx"),
      route("backfills", "routes/discovery/backfills.tsx"),
      route("backfills/:backfillId", "routes/discovery/backfill.tsx"),
    ]),
    ...prefix("library", [index("routes/library/index.tsx"), route(":workId", "routes/library/show.tsx")]),
    route("quotes", "routes/quotes/quotes.tsx"),
    route("schedules", "routes/schedules/schedules.tsx"),
    ...prefix("queue", [
      index("routes/queue/index.tsx"),
      route("jobs/:jobId", "routes/queue/job.tsx"),
      route("failures", "routes/queue/failures/index.tsx"),
      route("failures/:fingerprint", "routes/queue/failures/show.tsx"),
      route("pauses", "routes/queue/pauses/pauses.tsx"),
      route("workers", "routes/queue/workers/workers.tsx"),
      route("actions", "routes/queue/actions/index.tsx"),
      route("actions/:actionId", "routes/queue/actions/show.tsx"),
    ]),
    ...prefix("upstreams", [
      index("routes/upstreams/index.tsx"),
      route("calls", "routes/upstreams/calls.tsx"),
    ]),
    ...prefix("settings", [
      index("routes/settings/settings.tsx"),
      route("audit", "routes/settings/audit/audit.tsx"),
    ]),
    route("docs/api", "routes/docs/api.tsx"),
    route("help/sources", "routes/help/sources.tsx"),
    route("*", "routes/not-found.tsx"),
  ]),

  route("imports/check", "routes/imports/check.ts"),
  route("imports/templates/:format", "routes/imports/template.ts"),
  route("review/details", "routes/review/details.ts"),
  route("imports/:jobId/file", "routes/imports/file.ts"),
  route("imports/:jobId/failed-rows.csv", "routes/imports/failed-rows.ts"),
  route("imports/:jobId/undo.csv", "routes/imports/undo-csv.ts"),
  route("discovery/backfills/:backfillId/rows.csv", "routes/discovery/backfill-rows.ts"),
  route("settings/audit.csv", "routes/settings/audit/audit-csv.ts"),
  route("live", "routes/live.ts"),
  route("images/:name", "routes/images.ts"),

  ...prefix("bulk-import", [
    route(":type", "routes/api/bulk-import.ts"),
    route("jobs", "routes/api/import-jobs.ts"),
    route("jobs/:jobId", "routes/api/import-job.ts"),
    route("jobs/:jobId/rows", "routes/api/import-job-rows.ts"),
    route("jobs/:jobId/failed-rows.csv", "routes/api/import-job-failed-rows.ts"),
    route("jobs/:jobId/retry-failed", "routes/api/import-job-retry-failed.ts"),
    route("jobs/:jobId/cancel", "routes/api/import-job-cancel.ts"),
  ]),
  route("media", "routes/api/media-list.ts"),
  route("media/:id", "routes/api/media.ts"),
  route("media/:id/card", "routes/api/media-card.ts"),
  route("media/:id/quotes", "routes/api/media-quotes.ts"),
  route("movies", "routes/api/movies.ts"),
  route("movies/:id", "routes/api/movie.ts"),
  route("shows", "routes/api/shows.ts"),
  route("shows/:id", "routes/api/show.ts"),
  // Machines get JSON for what is not there.
  ...["bulk-import", "media", "movies", "shows", "metrics"].map((first) =>
    route(`${first}/*`, "routes/api/not-found.ts", { id: `routes/api/not-found/${first}` }),
  ),
  route("metrics", "routes/api/metrics.ts"),
  route("openapi.json", "routes/api/openapi.ts"),
  route("healthz", "routes/health/alive.ts"),
  route("readyz", "routes/health/ready.ts"),
] satisfies RouteConfig;
