import type { ScrapedKind } from "#app/upstreams/imdb/scraped.ts";

/** What no work can stand for, by what IMDb says that a title is; null: it is worth looking for. */
export function notAWork(kind: ScrapedKind | null): { code: string; message: string } | null {
  if (kind === "episode")
    return {
      code: "EPISODE",
      message:
        "This is an episode of a series, and episodes are no works of their own. Link its series by hand if that is meant.",
    };
  if (kind === "other")
    return {
      code: "NOT_FILM_OR_SERIES",
      message: "This is neither a film nor a series, so the catalogue has no place for it.",
    };
  return null;
}
