import { afterAll, afterEach } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "#sandbox/server.ts";

/** A sandbox for one test file, emptied of faults and records after each test and closed at the end. */
export async function runningSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ rateLimit: null, ...options });
  const initial = sandbox.control.settings();
  afterEach(() => {
    sandbox.control.clearFaults();
    sandbox.control.clearRequests();
    sandbox.control.clearCatalogue();
    sandbox.control.clearFilmEdits();
    sandbox.control.clearSeriesEdits();
    sandbox.control.configure(initial);
  });
  afterAll(() => sandbox.close());
  return sandbox;
}

/** GET (or what `init` says) with the answer's JSON body. */
export async function call(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Address of a TMDB path with the sandbox's key and these parameters. */
export function tmdb(sandbox: Sandbox, path: string, parameters: Record<string, string> = {}): string {
  return `${sandbox.tmdbUrl}${path}?${new URLSearchParams({ api_key: sandbox.keys.tmdb, ...parameters })}`;
}
