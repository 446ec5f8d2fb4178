import { discoverMovies } from "#app/discovery/discover/discover.server.ts";
import { discoveryParameters } from "#app/discovery/discover/parameters.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("discover_movies", ({ _schedule: schedule, _cron: cron, ...asked }, run) => {
  // A schedule that somebody runs out of turn carries its line's payload.
  const isByHand = schedule !== undefined && cron === undefined;
  return discoverMovies(
    run,
    discoveryParameters.parse(isByHand ? { ...asked, triggerType: "manual" } : asked),
  );
});
