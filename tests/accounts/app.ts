import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MiddlewareFunction, RouterContextProvider } from "react-router";
import { afterAll } from "vitest";
import { type Config, parseConfig } from "#app/config.server.ts";
import { closeAppContext, provideAppContext } from "#app/context.server.ts";
import { logger } from "#app/logger.server.ts";
import { rootMiddleware } from "#app/middleware/root-middleware.server.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

/** The product's context over a test file's database, with an environment of the test's choosing. */
export function testApp(database: TestDatabase, env: Record<string, string> = {}): Config {
  const folder = mkdtempSync(join(tmpdir(), "reeldesk-accounts-"));
  afterAll(async () => {
    await closeAppContext();
    rmSync(folder, { recursive: true, force: true });
  });
  const config = configOf({ DATA_DIR: folder, ...env });
  provideAppContext({ db: database.db, pool: database.pool, config, logger });
  return config;
}

/** The context again, with something else in the environment. */
export function changeApp(database: TestDatabase, config: Config, env: Partial<Config>): void {
  provideAppContext({ db: database.db, pool: database.pool, config: { ...config, ...env }, logger });
}

function configOf(env: Record<string, string>): Config {
  const parsed = parseConfig(env);
  if ("problems" in parsed) throw new Error(parsed.problems.join("\n"));
  return parsed.config;
}

type Door = (context: RouterContextProvider) => Promise<Response> | Response;

/**
 * Sends a request through the root middleware to a door, as React Router does: what a middleware throws is the answer
 * that the one outside of it gets.
 */
export async function throughMiddleware(
  request: Request,
  door: Door = () => new Response("inside"),
): Promise<{ response: Response; context: RouterContextProvider }> {
  const context = new RouterContextProvider();
  const url = new URL(request.url);
  url.pathname = url.pathname.replace(/\.data$/, "");
  const args = { request, url, pattern: url.pathname, params: {}, context };
  const run = async (chain: MiddlewareFunction<Response>[]): Promise<Response> => {
    const [first, ...rest] = chain;
    if (!first) return door(context);
    const next = () => run(rest).catch(answerOf);
    return (await first(args, next)) ?? next();
  };
  return { response: await run(rootMiddleware).catch(answerOf), context };
}

function answerOf(thrown: unknown): Response {
  if (thrown instanceof Response) return thrown;
  throw thrown;
}

/** The `name=value` of an answer's `Set-Cookie`. */
export function cookieOf(header: string | null): string {
  return (header ?? "").split(";")[0] ?? "";
}

/** The code of an answer in the shape of `ErrorBody`. */
export async function codeOf(response: Response): Promise<unknown> {
  const body: { error?: { code?: unknown } } = await response.json();
  return body.error?.code;
}
