import { ingestForRuns } from "#app/discovery/discover/ingest-for-runs.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("ingest_movie", ({ tmdbId }, run) => ingestForRuns(run, tmdbId));
