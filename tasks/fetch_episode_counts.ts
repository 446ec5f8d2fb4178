import { defineTask } from "#app/queue/define-task.server.ts";
import { getEpisodeCount } from "#app/works/episode-counts.server.ts";

export default defineTask("fetch_episode_counts", async ({ workId }, run) => {
  const counts = await getEpisodeCount(
    { db: run.db, config: run.config, signal: run.signal },
    String(workId),
  );
  return { ...counts };
});
