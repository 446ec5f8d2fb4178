import { discoverMovies } from "#app/discovery/discover/discover.server.ts";
import { discoveryParameters } from "#app/discovery/discover/parameters.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("discover_movies", (payload, run) =>
  discoverMovies(run, discoveryParameters.parse(payload)),
);
