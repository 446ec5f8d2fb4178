import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { type Answer, headerOf, json, type SandboxRequest } from "./answer.ts";
import { Catalogue } from "./catalogue/service.ts";
import { answerControl, type SandboxControl } from "./control.ts";
import { Faults, type Service } from "./faults.ts";
import { answerImdb } from "./imdb/service.ts";
import { answerOmdb, DailyCount } from "./omdb/service.ts";
import { type RateLimit, SlidingWindowLog } from "./rate-limit.ts";
import { queryWithoutKeys, type RecordedRequest, RequestLog } from "./request-log.ts";
import { send, sendFault } from "./send.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { answerTabstack, tabstackOverLimit } from "./tabstack/service.ts";
import { Library } from "./titles/library.ts";
import { TitleEdits } from "./tmdb/edits.ts";
import { tmdbOverLimit } from "./tmdb/errors.ts";
import { answerPicture } from "./tmdb/pictures-service.ts";
import { answerTmdb } from "./tmdb/service.ts";

export type SandboxOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  /** 127.0.0.1 by default: the sandbox has no protection of its own. */
  host?: string;
  /** v3 key (32 hex) or v4 token (eyJ…); the other kind keeps its default. */
  tmdbKey?: string;
  omdbKey?: string;
  tabstackToken?: string;
  catalogueKey?: string;
  /** 40 in any 10 s by default; null for none. */
  rateLimit?: RateLimit | null;
  /** Tabstack's: 10 in any minute by default, as a trial account has; null for none. */
  tabstackRateLimit?: RateLimit | null;
  /** 1000 by default. */
  omdbDailyLimit?: number;
  /** Milliseconds before every answer; 0 by default. */
  latencyMs?: number | [min: number, max: number];
  /** Synthetic films served besides the real ones; 1,000,000 by default, none of them stored. */
  generatedFilms?: number;
  /** Milliseconds since 1970; for tests of limits. Waiting still takes real time. */
  now?: () => number;
  /** Seed of the faults that strike by chance. */
  seed?: number;
  /** How many requests are remembered; 200,000 by default. */
  requestsKept?: number;
};

export type SandboxKeys = {
  tmdb: string;
  tmdbBearer: string;
  omdb: string;
  tabstack: string;
  catalogue: string;
};

export type Sandbox = {
  url: string;
  tmdbUrl: string;
  tmdbImageUrl: string;
  omdbUrl: string;
  tabstackUrl: string;
  imdbUrl: string;
  catalogueUrl: string;
  keys: SandboxKeys;
  control: SandboxControl;
  /** Stops listening and cuts every open connection, hanging ones included. */
  close(): Promise<void>;
};

/** Keys of the sandbox: they open nothing else, so they may stand in the open. */
const DEFAULT_KEYS: SandboxKeys = {
  tmdb: "5a4db0c5a4db0c5a4db0c5a4db0c5a4d",
  tmdbBearer: "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJzYW5kYm94In0.c2FuZGJveC1zaWduYXR1cmU",
  omdb: "5a4db0c5",
  tabstack: "sandbox-tabstack-token",
  catalogue: "sandbox-catalogue-key",
};

const PREFIXES: readonly [service: Service, prefix: string][] = [
  ["tmdb", "/tmdb/3"],
  ["tmdbImages", "/t/p"],
  ["omdb", "/omdb"],
  ["tabstack", "/tabstack"],
  ["imdb", "/imdb"],
  ["catalogue", "/catalogue"],
];
const CONTROL_PREFIX = "/__sandbox";
const LARGEST_BODY = 1024 * 1024;
/** Longer than clients keep idle connections: the sandbox must reset only when told to. */
const KEEP_ALIVE_MS = 120_000;

function keysOf(options: SandboxOptions): SandboxKeys {
  const given = options.tmdbKey;
  const tmdb = given === undefined ? {} : given.startsWith("eyJ") ? { tmdbBearer: given } : { tmdb: given };
  return {
    ...DEFAULT_KEYS,
    ...tmdb,
    omdb: options.omdbKey ?? DEFAULT_KEYS.omdb,
    tabstack: options.tabstackToken ?? DEFAULT_KEYS.tabstack,
    catalogue: options.catalogueKey ?? DEFAULT_KEYS.catalogue,
  };
}

/** Path below `prefix` ("/" at least), or null when the request is elsewhere. */
function pathBelow(pathname: string, prefix: string): string | null {
  if (pathname === prefix) return "/";
  return pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : null;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size <= LARGEST_BODY) parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** One running sandbox: what is shared between requests, and the way of a request through it. */
class SandboxServer {
  readonly keys: SandboxKeys;
  readonly control: SandboxControl;
  url = "";
  readonly #now: () => number;
  readonly #library: Library;
  readonly #log: RequestLog;
  readonly #faults: Faults;
  readonly #catalogue: Catalogue;
  readonly #filmEdits: TitleEdits;
  readonly #seriesEdits: TitleEdits;
  readonly #omdbToday = new DailyCount();
  #settings: Settings;
  #window: SlidingWindowLog | null = null;
  #tabstackWindow: SlidingWindowLog | null = null;

  constructor(options: SandboxOptions) {
    this.keys = keysOf(options);
    this.#now = options.now ?? Date.now;
    this.#library = new Library(options.generatedFilms ?? 1_000_000);
    this.#log = new RequestLog(options.requestsKept ?? 200_000);
    this.#faults = new Faults(options.seed ?? 1);
    this.#settings = {
      latencyMs: options.latencyMs ?? 0,
      rateLimit: options.rateLimit === undefined ? { requests: 40, perMs: 10_000 } : options.rateLimit,
      tabstackRateLimit:
        options.tabstackRateLimit === undefined ? { requests: 10, perMs: 60_000 } : options.tabstackRateLimit,
      changesPerDay: 120,
      listDrift: 0,
      oddListItems: false,
      omdbDailyLimit: options.omdbDailyLimit ?? 1000,
      imdbPages: "whole",
      envelope: false,
      errorsAs2xx: true,
      idempotency: true,
      rejectDuplicates: false,
    };
    this.#openWindows(["rateLimit", "tabstackRateLimit"]);
    this.#filmEdits = new TitleEdits(this.#now);
    this.#seriesEdits = new TitleEdits(this.#now);
    this.#catalogue = new Catalogue(this.keys.catalogue, () => this.#settings, this.#now);
    this.control = this.#makeControl();
  }

  /** An empty window for each limit that was set. */
  #openWindows(changed: readonly string[]): void {
    const { rateLimit, tabstackRateLimit } = this.#settings;
    const windowOf = (limit: RateLimit | null) =>
      limit === null ? null : new SlidingWindowLog(limit, this.#now);
    if (changed.includes("rateLimit")) this.#window = windowOf(rateLimit);
    if (changed.includes("tabstackRateLimit")) this.#tabstackWindow = windowOf(tabstackRateLimit);
  }

  #makeControl(): SandboxControl {
    return {
      requests: (service) => this.#log.list(service),
      clearRequests: () => this.#log.clear(),
      addFault: (rule) => this.#faults.add(rule),
      faults: () => this.#faults.list(),
      clearFaults: (id) => this.#faults.clear(id),
      catalogue: () =>
        structuredClone({ movies: this.#catalogue.store.movies, shows: this.#catalogue.store.shows }),
      clearCatalogue: () => this.#catalogue.clear(),
      editFilm: (edit) => this.#filmEdits.edit(edit),
      filmEdits: () => this.#filmEdits.list(),
      clearFilmEdits: () => this.#filmEdits.clear(),
      editSeries: (edit) => this.#seriesEdits.edit(edit),
      seriesEdits: () => this.#seriesEdits.list(),
      clearSeriesEdits: () => this.#seriesEdits.clear(),
      settings: () => structuredClone(this.#settings),
      configure: (changes) => {
        this.#settings = { ...this.#settings, ...settingsSchema.partial().parse(changes) };
        this.#openWindows(Object.keys(changes));
        return structuredClone(this.#settings);
      },
    };
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = this.#now();
    const started = performance.now();
    const url = new URL(incoming.url ?? "/", "http://sandbox.invalid");
    const method = incoming.method ?? "GET";
    const asked = (path: string, body: string): SandboxRequest => {
      return { method, path, query: url.searchParams, headers: incoming.headers, body };
    };
    const controlPath = pathBelow(url.pathname, CONTROL_PREFIX);
    if (controlPath !== null) {
      return send(response, answerControl(asked(controlPath, await readBody(incoming)), this.control));
    }
    const [service, path] = this.#serviceOf(url.pathname);
    const record: RecordedRequest = {
      at,
      service: service ?? "unknown",
      method,
      path,
      query: queryWithoutKeys(url.searchParams),
      status: null,
      idempotencyKey: headerOf(incoming.headers, "idempotency-key"),
      durationMs: null,
      fault: null,
    };
    this.#log.add(record);
    const settle = () => {
      record.durationMs = Math.round(performance.now() - started);
      record.status = response.headersSent ? response.statusCode : null;
    };
    // Settled before the caller can read the answer, so that who asks for the record next finds it complete;
    // and again at the end of the connection, which is when a dripping or hanging one is over.
    response.once("close", settle);
    await this.#respond(record, asked(path, ""), incoming, response);
    if (record.fault !== "hang") settle();
  }

  /** Limit, latency, fault, answer: in this order. `bodiless` comes without its body, which is read here. */
  async #respond(
    record: RecordedRequest,
    bodiless: SandboxRequest,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { service, method, path } = record;
    if (service === "unknown") return send(response, json(404, { error: "The sandbox has nothing here" }));
    // Admitted on arrival, before the body is read: the order of arrival is what a limiter sees.
    const refusal = this.#overLimit(service);
    const request = { ...bodiless, body: await readBody(incoming) };
    await this.#wait();
    if (refusal !== null) return send(response, refusal);
    const fault = this.#faults.strike({ service, method, path, query: request.query, body: request.body });
    record.fault = fault?.kind ?? null;
    if (fault === null) return send(response, this.#answer(service, request));
    return await sendFault(response, fault, () => this.#answer(service, request));
  }

  #serviceOf(pathname: string): [service: Service | null, path: string] {
    for (const [service, prefix] of PREFIXES) {
      const path = pathBelow(pathname, prefix);
      if (path !== null) return [service, path];
    }
    return [null, pathname];
  }

  #overLimit(service: Service): Answer | null {
    if (service === "tabstack") return tabstackOverLimit(this.#tabstackWindow?.admit());
    if (service !== "tmdb") return null;
    const admission = this.#window?.admit() ?? { admitted: true };
    if (admission.admitted) return null;
    const limit = this.#settings.rateLimit?.requests ?? 0;
    return tmdbOverLimit(admission.count, limit, Math.max(1, Math.ceil(admission.retryAfterMs / 1000)));
  }

  async #wait(): Promise<void> {
    const { latencyMs } = this.#settings;
    const [least, most] = typeof latencyMs === "number" ? [latencyMs, latencyMs] : latencyMs;
    const ms = least + Math.random() * (most - least);
    if (ms > 0) await wait(ms, undefined, { ref: false });
  }

  #answer(service: Service, request: SandboxRequest): Answer {
    switch (service) {
      case "tmdb": {
        const keys = { apiKey: this.keys.tmdb, bearer: this.keys.tmdbBearer };
        const world = {
          ...this.#settings,
          library: this.#library,
          edits: this.#filmEdits,
          seriesEdits: this.#seriesEdits,
          now: this.#now(),
        };
        return answerTmdb(request, world, keys, `${this.url}/t/p`);
      }
      case "tmdbImages":
        return answerPicture(request);
      case "omdb":
        return answerOmdb(request, this.#library, this.keys.omdb, {
          dailyLimit: this.#settings.omdbDailyLimit,
          count: () => this.#omdbToday.add(this.#now()),
        });
      case "tabstack":
        return answerTabstack(request, this.#library, this.keys.tabstack);
      case "imdb":
        return answerImdb(request, this.#library, this.#settings.imdbPages);
      case "catalogue":
        return this.#catalogue.answer(request, `${this.url}/catalogue`);
    }
  }
}

/**
 * Starts stand-ins of TMDB v3, OMDb, Tabstack, IMDb's pages and the remote catalogue on one port, as strict as the real ones.
 * @returns addresses, keys and control. @throws when the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = new SandboxServer(options);
  const host = options.host ?? "127.0.0.1";
  const server = createServer((incoming, response) => {
    sandbox.handle(incoming, response).catch((error: unknown) => {
      // A client that hung up is part of the game; anything else is a bug of the sandbox and must show.
      if (response.destroyed) return;
      if (response.headersSent) response.destroy();
      else send(response, json(500, { error: `The sandbox failed: ${String(error)}` }));
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  sandbox.url = `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
  return {
    url: sandbox.url,
    tmdbUrl: `${sandbox.url}/tmdb/3`,
    tmdbImageUrl: `${sandbox.url}/t/p`,
    omdbUrl: `${sandbox.url}/omdb/`,
    tabstackUrl: `${sandbox.url}/tabstack`,
    imdbUrl: `${sandbox.url}/imdb`,
    catalogueUrl: `${sandbox.url}/catalogue`,
    keys: sandbox.keys,
    control: sandbox.control,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
