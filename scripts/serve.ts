import { existsSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import sirv from "sirv";
import { AppError } from "#app/errors.ts";

/** Carries the socket's address to the app. Whatever a client sends under this name is dropped. */
export const CLIENT_ADDRESS_HEADER = "x-reeldesk-client-address";

/** How long an upload that was answered early may go on. */
const READ_REST_MS = 10_000;
/** Time for requests under way at a stop; the supervisor kills a second later. */
const DRAIN_MS = 8_000;

/** Methods that a `Request` cannot carry; passing them on would end in a 500. */
const IMPOSSIBLE_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

export type WebServer = {
  /** `http://host:port` as people would type it. */
  url: string;
  port: number;
  /** Takes no more requests, ends live streams, lets the others finish for 8 s. */
  close(): Promise<void>;
};

export type ServeOptions = {
  host: string;
  port: number;
  /** When the port is taken, listen on a free one instead of failing. */
  anyPort: boolean;
  /** The folder of static files, `build/client`. */
  assets: string;
  /** Makes the app's listener. Called once, when the port is known; requests that come earlier wait for it. */
  app: (address: { port: number }) => Promise<RequestListener>;
};

/**
 * Serves static files and the app over HTTP.
 *
 * @throws AppError `PORT_TAKEN`, `PORT_NOT_ALLOWED`, `HOST_UNKNOWN`
 */
export async function serve(options: ServeOptions): Promise<WebServer> {
  const { promise: app, resolve, reject } = Promise.withResolvers<RequestListener>();
  const files = staticFiles(options.assets);
  const open = new Set<ServerResponse>();
  const server = createServer(
    // An upload of 10 MiB over a slow line takes minutes; its first bytes do not.
    { headersTimeout: 20_000, requestTimeout: 600_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      open.add(response);
      response.once("close", () => open.delete(response));
      response.once("finish", () => readRest(request));
      // Also makes Node keep the headers that are passed to `writeHead`, by which `drain` knows live streams.
      response.setHeader("x-content-type-options", "nosniff");
      const refusal = refuse(request);
      if (refusal) return void response.writeHead(refusal, { connection: "close" }).end();
      request.headers[CLIENT_ADDRESS_HEADER] = request.socket.remoteAddress ?? "";
      const answer = async () => {
        const listener = await app.catch(() => null);
        if (listener) listener(request, response);
        else response.writeHead(503, { connection: "close" }).end();
      };
      if (request.method === "GET" || request.method === "HEAD") files(request, response, answer);
      else void answer();
    },
  );
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  try {
    resolve(await options.app({ port }));
  } catch (error) {
    app.catch(() => {});
    reject(error);
    server.close();
    server.closeAllConnections();
    throw error;
  }
  return { url: `http://${displayHost(options.host)}:${port}`, port, close: () => drain(server, open) };
}

/**
 * A client that sends all of its upload before it reads would wait for ever behind an answer that came early (401, 429 …).
 * What it still sends is read and thrown away, for a while.
 */
function readRest(request: IncomingMessage): void {
  if (request.complete) return;
  request.removeAllListeners("data"); // The app's stream would pause it again.
  request.resume();
  setTimeout(() => request.socket.destroy(), READ_REST_MS).unref();
}

function refuse(request: IncomingMessage): number | null {
  if (IMPOSSIBLE_METHODS.has(request.method ?? "")) return 405;
  if (!request.url?.startsWith("/")) return 400;
  if (!URL.canParse(`http://${request.headers.host ?? "localhost"}${request.url}`)) return 400;
  return null;
}

/** A file that was there at the start is not any more. */
class FileGone extends Error {}

/**
 * Serves the files that a folder holds now. One that is gone when it is asked for, as another build took its place, goes to
 * `next` like one that never was: sirv remembers names from its start, and leaves errors of reading to nobody.
 */
function staticFiles(folder: string) {
  const files = sirv(folder, {
    etag: true,
    extensions: [],
    setHeaders(response, pathname) {
      if (!existsSync(join(folder, pathname))) throw new FileGone();
      // It may still go before it is open, or fail while it is read: its length is promised by then.
      response.once("pipe", (file) => file.once("error", () => response.destroy()));
      // Names under assets/ carry a hash of their content.
      const lifetime = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
      response.setHeader("cache-control", lifetime);
    },
  });
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    try {
      files(request, response, next);
    } catch (error) {
      if (!(error instanceof FileGone)) throw error;
      next();
    }
  };
}

async function listen(server: Server, { host, port, anyPort }: ServeOptions): Promise<void> {
  try {
    await listenOn(server, host, port);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE" && anyPort) return listenOn(server, host, 0);
    if (code === "EADDRINUSE")
      throw new AppError(
        "PORT_TAKEN",
        409,
        `Port ${port} on ${host} is taken. Stop what uses it, or set PORT to another one (0: any free port).`,
      );
    if (code === "EACCES")
      throw new AppError(
        "PORT_NOT_ALLOWED",
        403,
        `Port ${port} needs more rights. Set PORT to one above 1023.`,
      );
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
      throw new AppError(
        "HOST_UNKNOWN",
        400,
        `${host} is no address of this machine. Set HOST to one that is.`,
      );
    throw error;
  }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, () => {
    server.off("error", reject);
    resolve();
  });
  return promise;
}

function displayHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

async function drain(server: Server, open: ReadonlySet<ServerResponse>): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  const deadline = performance.now() + DRAIN_MS;
  let isClosed = false;
  void closed.then(() => {
    isClosed = true;
  });
  while (!isClosed && performance.now() < deadline) {
    // Browsers open an ended event stream again by themselves, then at the process that took over.
    for (const response of open) if (isEventStream(response)) response.end();
    server.closeIdleConnections();
    await Promise.race([closed, delay(50)]);
  }
  server.closeAllConnections();
  await closed;
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader("content-type") ?? "").startsWith("text/event-stream");
}
