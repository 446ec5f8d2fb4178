import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Deadlines } from "#app/upstreams/http.server.ts";

/** The part of the environment that upstream calls read. */
export type UpstreamConfig = Pick<
  Config,
  | "TMDB_API_KEY"
  | "TMDB_BASE_URL"
  | "TMDB_RATE_LIMIT"
  | "OMDB_API_KEY"
  | "OMDB_BASE_URL"
  | "OMDB_DAILY_LIMIT"
  | "TABSTACK_TOKEN"
  | "TABSTACK_BASE_URL"
  | "TABSTACK_RATE_LIMIT"
  | "IMDB_BASE_URL"
  | "CATALOGUE_URL"
  | "CATALOGUE_API_KEY"
>;

/** `interactive`: a person is waiting; goes before `bulk` wherever both wait. */
export type Priority = "interactive" | "bulk";

/** What every upstream call needs besides its question. Pass the pool's `db`, never a transaction: calls wait for seconds. */
export interface UpstreamContext {
  db: Db;
  config: UpstreamConfig;
  /** Default `bulk`. */
  priority?: Priority;
  /** How long to wait for a slot of the budget before `BudgetWait`. Default 5 s for bulk, 10 s for interactive calls. */
  maxWaitMs?: number;
  /** Asks past an answer that is kept and still good: somebody wants to know what is true now. Nothing stale is taken for it. */
  fresh?: boolean;
  /** "Nothing found" is not taken from answers that are older: since then somebody has asked to look again. */
  emptySince?: Date | null;
  /** Asks although the circuit is open: a person wants to know whether the cause is gone. */
  pastCircuit?: boolean;
  /** Told how long each request took that left the house, in milliseconds. */
  onRequest?: (durationMs: number) => void;
  signal?: AbortSignal;
  deadlines?: Partial<Deadlines>;
}
