import type { PageSource, ReadPage } from "#app/awards/imports/page-source.ts";
import type { MovieList } from "#app/awards/lists/lists.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { fetchEventEdition, fetchListPage, needsAnotherWay } from "#app/upstreams/imdb/client.server.ts";
import { extractEventEdition, extractListPage } from "#app/upstreams/imdb/through-tabstack.server.ts";
import { isOn } from "#app/upstreams/services.ts";
import type { Answer } from "#app/upstreams/upstream.server.ts";

type Reader<Page> = () => Promise<Answer<Page | null>>;

/**
 * The pages of a list at IMDb, by the way that its settings name: from IMDb, and by way of Tabstack where IMDb does not let us
 * (L-08), or by way of Tabstack at once.
 */
export function imdbPages(ctx: UpstreamContext, list: Pick<MovieList, "fetchWay">): PageSource {
  return {
    listPage: (listId, page) =>
      byEitherWay(
        ctx,
        list,
        () => fetchListPage(ctx, { listId, page }),
        () => extractListPage(ctx, { listId, page }),
      ),
    edition: (eventId, year, instance) =>
      byEitherWay(
        ctx,
        list,
        () => fetchEventEdition(ctx, { eventId, year, instance }),
        () => extractEventEdition(ctx, { eventId, year, instance }),
      ),
  };
}

async function byEitherWay<Page>(
  ctx: UpstreamContext,
  list: Pick<MovieList, "fetchWay">,
  fromImdb: Reader<Page>,
  throughTabstack: Reader<Page>,
): Promise<ReadPage<Page> | null> {
  if (list.fetchWay === "tabstack") return read("tabstack", throughTabstack);
  try {
    return await read("page", fromImdb);
  } catch (error) {
    if (!needsAnotherWay(error) || !isOn("tabstack", ctx.config)) throw error;
    return read("tabstack", throughTabstack);
  }
}

async function read<Page>(way: string, reader: Reader<Page>): Promise<ReadPage<Page> | null> {
  const { value } = await reader();
  return value === null ? null : { page: value, way };
}
