import { fetchDetails } from "#app/awards/titles/fetch-details.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("fetch_details", (payload, run) => fetchDetails(run, payload));
