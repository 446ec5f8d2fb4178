import { catalogue } from "#app/upstreams/catalogue/client.server.ts";
import type { Upstream } from "#app/upstreams/definition.server.ts";
import { imdb } from "#app/upstreams/imdb/definition.server.ts";
import { omdb } from "#app/upstreams/omdb/client.server.ts";
import type { Service } from "#app/upstreams/services.ts";
import { tabstack } from "#app/upstreams/tabstack/definition.server.ts";
import { tmdb } from "#app/upstreams/tmdb/definition.server.ts";

/** Every service's definition, for what looks at all of them. */
export const UPSTREAMS: Record<Service, Upstream> = { tmdb, omdb, tabstack, imdb, catalogue };
