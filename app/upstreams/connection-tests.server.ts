import { listOneMovie } from "#app/upstreams/catalogue/client.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { fetchEventEdition } from "#app/upstreams/imdb/client.server.ts";
import { getByImdbId } from "#app/upstreams/omdb/client.server.ts";
import type { Service } from "#app/upstreams/services.ts";
import { sendEmptyRequest } from "#app/upstreams/tabstack/client.server.ts";
import { getConfiguration } from "#app/upstreams/tmdb/client.server.ts";

/** The cheapest real call that proves that a service is reached and, as a rule, takes our key. Nothing kept is taken for its answer. */
export interface ConnectionTest {
  /** What it asks for, for people. */
  asks: string;
  /** What a test takes from a budget that people count; null where it is nothing worth a word. */
  costs: string | null;
  /** What an answer does not prove, in a sentence. */
  leavesOpen: string | null;
  ask(ctx: UpstreamContext): Promise<unknown>;
}

/** The Shawshank Redemption: no database of films is without it. */
const KNOWN_IMDB_ID = "tt0111161";
/** The Academy Awards of a year that is long over. */
const KNOWN_EDITION = { eventId: "ev0000003", year: 2020 };

/** One for each service: a new one does not compile without. */
export const CONNECTION_TESTS: Record<Service, ConnectionTest> = {
  tmdb: {
    asks: "its configuration",
    costs: null,
    leavesOpen: null,
    ask: (ctx) => getConfiguration({ ...ctx, fresh: true }),
  },
  omdb: {
    asks: "a film that it knows",
    costs: "1 of today's requests",
    leavesOpen: null,
    ask: (ctx) => getByImdbId({ ...ctx, fresh: true }, KNOWN_IMDB_ID),
  },
  tabstack: {
    asks: "nothing at all: it refuses an empty request, after it has looked at the token",
    costs: null,
    leavesOpen: null,
    ask: sendEmptyRequest,
  },
  imdb: {
    asks: "the page of an award event",
    costs: null,
    leavesOpen: "IMDb may take the next request for a robot's all the same.",
    ask: (ctx) => fetchEventEdition({ ...ctx, fresh: true }, KNOWN_EDITION),
  },
  catalogue: {
    asks: "a list of one film",
    costs: null,
    leavesOpen: "Reading may need no key: whether it takes ours shows with the first record that is written.",
    ask: listOneMovie,
  },
};
