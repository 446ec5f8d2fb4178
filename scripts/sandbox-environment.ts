import type { Sandbox } from "#sandbox/server.ts";

/**
 * What makes the children ask the sandbox instead of the world. The empty values keep a developer's `.env` out: a demo
 * must neither write to a real catalogue nor spend a real quota.
 */
export function sandboxEnvironment(
  sandbox: Pick<Sandbox, "tmdbUrl" | "tmdbImageUrl" | "omdbUrl" | "tabstackUrl" | "imdbUrl" | "keys">,
) {
  return {
    SANDBOX: "1",
    TMDB_API_KEY: sandbox.keys.tmdb,
    TMDB_BASE_URL: sandbox.tmdbUrl,
    TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
    // The sandbox has no stand-in of YouTube.
    YOUTUBE_IMAGE_BASE_URL: "off",
    OMDB_API_KEY: sandbox.keys.omdb,
    OMDB_BASE_URL: sandbox.omdbUrl,
    TABSTACK_TOKEN: sandbox.keys.tabstack,
    TABSTACK_BASE_URL: sandbox.tabstackUrl,
    IMDB_BASE_URL: sandbox.imdbUrl,
    // The built-in catalogue, so that the library shows what was imported.
    CATALOGUE_URL: "",
    CATALOGUE_API_KEY: "",
  };
}
