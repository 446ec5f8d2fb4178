import { z } from "zod";
import type { MovieListSource } from "#app/upstreams/tmdb/lists.server.ts";

/** What a discovery run is asked for (CONTRACT.md, `discover_movies`). */
export const discoveryParameters = z.object({
  source: z.enum(["all", "popular", "now_playing", "trending"]),
  /** Pages of 20 films, of each list. */
  maxPages: z.coerce.number().int().min(1).max(5).default(5),
  /** New films at most: three lists of five pages name 300. */
  maxMovies: z.coerce.number().int().min(1).max(300).default(20),
  triggerType: z.enum(["scheduled", "manual"]).default("manual"),
});

export type DiscoveryParameters = z.infer<typeof discoveryParameters>;

/** The lists that are read, in the order in which their films are taken: each list's first page, then each one's second. */
export function listsOf(source: DiscoveryParameters["source"]): MovieListSource[] {
  return source === "all" ? ["popular", "now_playing", "trending"] : [source];
}
