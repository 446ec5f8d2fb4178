import type { Db } from "#app/db/client.server.ts";
import { countLost } from "#app/discovery/lost/list-lost.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";

/** Works whose TMDB id is lost and that wait for a decision, for the navigation of every page and the overview; to 1,000. */
export function lostCount(db: Db): Promise<number> {
  return sharedRead("lost titles", () => countLost(db), { isOfEveryPage: true });
}
