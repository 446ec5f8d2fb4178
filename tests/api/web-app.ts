import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RouteConfigEntry } from "@react-router/dev/routes";
import { createRequestListener } from "@react-router/node";
import type { ServerBuild } from "react-router";
import { afterAll } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey } from "#app/accounts/api-keys.server.ts";
import { createOperator } from "#app/accounts/operators.server.ts";
import { sessionCookieHeader } from "#app/accounts/session-of-request.server.ts";
import { createSession } from "#app/accounts/sessions.server.ts";
import type { Config } from "#app/config.server.ts";
import { rootMiddleware } from "#app/middleware/root-middleware.server.ts";
import routes from "#app/routes.ts";
import { serve } from "#scripts/serve.ts";
import { cookieOf, testApp } from "#tests/accounts/app.ts";
import { type TestDatabase, testDatabase } from "#tests/setup/database.ts";

/** The product's doors that answer by themselves, over real HTTP, with the route map and middleware of the product. */
export interface WebApp extends TestDatabase {
  origin: string;
  config: Config;
  /** An API key, and the session cookie of an operator. */
  key: string;
  cookie: string;
  operatorId: string;
  /** Sends a request with the key. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request as the operator's browser would. */
  browse(path: string, init?: RequestInit): Promise<Response>;
  /** Uploads a file with the key. */
  upload(file: File | string, fields?: Record<string, string>, options?: UploadOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface UploadOptions {
  path?: string;
  headers?: Record<string, string>;
}

export const HEADER = "Date,Name,Year,Letterboxd URI";

/** A Letterboxd `watched` file of these lines. */
export const csv = (...lines: string[]): string => `${[HEADER, ...lines].join("\n")}\n`;

/** A file as it lies in a form. */
export const csvFile = (
  text: string | Uint8Array<ArrayBuffer>,
  name = "watched.csv",
  type = "text/csv",
): File => new File([text], name, { type });

/** A form with a file and text fields. */
export function formOf(file: File | null, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (file) form.append("file", file);
  return form;
}

export async function startWebApp(env: Record<string, string> = {}): Promise<WebApp> {
  const database = await testDatabase();
  const config = testApp(database, {
    DATABASE_URL: database.url,
    API_RATE_LIMIT: "100000/1s",
    IMPORT_MAX_BYTES: "100000",
    ...env,
  });
  const assets = mkdtempSync(join(tmpdir(), "reeldesk-assets-"));
  const build = await serverBuild(routes);
  const server = await serve({
    host: "127.0.0.1",
    port: 0,
    anyPort: true,
    assets,
    app: async () => createRequestListener({ build, mode: "production" }),
  });
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= server.close());
  afterAll(async () => {
    await close();
    rmSync(assets, { recursive: true, force: true });
  });
  const by = systemActor("test");
  const { key } = await createApiKey(database.db, { name: "script", createdBy: by });
  const operator = await createOperator(
    database.db,
    { email: "anna@example.org", password: "tr0mbone-Lagoon" },
    { actor: by },
  );
  const token = await createSession(database.db, {
    operatorId: operator.id,
    userAgent: null,
    clientAddress: null,
  });
  const origin = server.url;
  const cookie = cookieOf(sessionCookieHeader(new Request(origin), token));
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}`, { ...init, headers: { "x-api-key": key, ...init.headers } });
  return {
    ...database,
    origin,
    config,
    key,
    cookie,
    operatorId: operator.id,
    call,
    browse: (path, init = {}) =>
      fetch(`${origin}${path}`, {
        redirect: "manual",
        ...init,
        headers: { cookie, origin, ...init.headers },
      }),
    upload: (file, fields = {}, { path = "/bulk-import/movies", headers = {} } = {}) =>
      call(path, {
        method: "POST",
        body: formOf(typeof file === "string" ? csvFile(file) : file, fields),
        headers,
      }),
    close,
  };
}

/** What Vite would build of the route map, without its pages. */
async function serverBuild(map: readonly RouteConfigEntry[]): Promise<ServerBuild> {
  const root = { default: () => null, middleware: rootMiddleware };
  const entries: [string, NonNullable<ServerBuild["routes"][string]>][] = [
    ["root", { id: "root", path: "", module: root }],
  ];
  for (const entry of map) {
    if (!entry.file.endsWith(".ts")) continue;
    const id = entry.id ?? entry.file;
    const module: ServerBuild["entry"]["module"] | Record<string, unknown> = await import(
      join(process.cwd(), "app", entry.file)
    );
    entries.push([
      id,
      {
        id,
        parentId: "root",
        ...(entry.path !== undefined && { path: entry.path }),
        module: module as typeof root,
      },
    ]);
  }
  return {
    entry: { module: { default: () => new Response("page") } },
    routes: Object.fromEntries(entries),
    assets: { entry: { imports: [], module: "" }, routes: {}, url: "", version: "" },
    publicPath: "/",
    assetsBuildDirectory: "",
    future: {},
    ssr: true,
    isSpaMode: false,
    prerender: [],
    routeDiscovery: { mode: "initial" },
  } as unknown as ServerBuild;
}

/** Code of an error answer. */
export async function errorOf(
  response: Response,
): Promise<{ code: string; message: string; details?: Record<string, unknown> }> {
  const body = (await response.json()) as {
    error: { code: string; message: string; details?: Record<string, unknown> };
  };
  return body.error;
}
