import { defineTask } from "#app/queue/define-task.server.ts";
import { ingestMovieJob } from "#app/works/ingest-movie-job.server.ts";

export default defineTask("ingest_movie", ({ tmdbId }, run) =>
  ingestMovieJob({ db: run.db, config: run.config, signal: run.signal }, tmdbId),
);
