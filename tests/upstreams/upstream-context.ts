import { parseConfig } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { UpstreamConfig, UpstreamContext } from "#app/upstreams/context.ts";
import type { Sandbox } from "#sandbox/server.ts";

/** The configuration of a process whose upstreams are this sandbox, at a pace that tests can wait for. */
function configFor(sandbox: Sandbox, changes: Record<string, string> = {}): UpstreamConfig {
  const result = parseConfig({
    NODE_ENV: "test",
    TMDB_API_KEY: sandbox.keys.tmdb,
    TMDB_BASE_URL: sandbox.tmdbUrl,
    TMDB_RATE_LIMIT: "1000/1s",
    OMDB_API_KEY: sandbox.keys.omdb,
    OMDB_BASE_URL: sandbox.omdbUrl,
    TABSTACK_TOKEN: sandbox.keys.tabstack,
    TABSTACK_BASE_URL: sandbox.tabstackUrl,
    TABSTACK_RATE_LIMIT: "1000/1s",
    IMDB_BASE_URL: sandbox.imdbUrl,
    CATALOGUE_URL: sandbox.catalogueUrl,
    CATALOGUE_API_KEY: sandbox.keys.catalogue,
    ...changes,
  });
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.config;
}

export function contextFor(
  db: Db,
  sandbox: Sandbox,
  changes: Record<string, string> = {},
  more: Partial<UpstreamContext> = {},
): UpstreamContext {
  return { db, config: configFor(sandbox, changes), ...more };
}

/** What a promise fails with; fails the test when it does not. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("It was expected to fail.");
}
