import { type Kysely, sql } from "kysely";
import { finishImport } from "#app/awards/imports/finish-import.server.ts";
import {
  addPages,
  claimPage,
  dropPagesAfter,
  notePage,
  type PageOfImport,
} from "#app/awards/imports/list-imports.server.ts";
import type { ReadPage } from "#app/awards/imports/page-source.ts";
import { enqueuePages } from "#app/awards/imports/start-import.server.ts";
import { storeEdition } from "#app/awards/imports/store-edition.server.ts";
import { type StoredPage, storeListPage } from "#app/awards/imports/store-list-page.server.ts";
import { type MovieList, takeOwnName } from "#app/awards/lists/lists.server.ts";
import { unknownTitles, wantTitles } from "#app/awards/titles/want-titles.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import type { ScrapedEventEdition, ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";

type Trx = Kysely<Database>;

/** The longest lists of IMDb hold 10,000 titles, 100 or 250 a page. */
const MOST_PAGES = 400;

export interface Settling {
  list: MovieList;
  importId: string;
  at: PageOfImport;
  /** TMDB is on: titles that are not known are looked for. */
  isTmdbOn: boolean;
}

/**
 * Stores a list's page with everything that follows from it, in one transaction: entries, links, jobs for unknown titles, the
 * pages after it, the import's counters. A page that somebody else has stored meanwhile is left alone.
 *
 * @returns statistics
 */
export function settleListPage(
  db: Db,
  settling: Settling,
  read: ReadPage<ScrapedListPage>,
): Promise<Record<string, unknown>> {
  return db.transaction().execute((trx) => settleListPageOn(trx, settling, read));
}

/** As `settleListPage`, on the caller's transaction. */
export function settleListPageOn(
  trx: Trx,
  settling: Settling,
  { page, way }: ReadPage<ScrapedListPage>,
): Promise<Record<string, unknown>> {
  return settle(trx, settling, page.declaredTotal, way, async () => {
    await takeOwnName(trx, settling.list, page.name);
    const stored = await storeListPage(trx, settling.list, settling.importId, page);
    if (!page.hasNextPage) await dropPagesAfter(trx, settling.importId, settling.at);
    return { stored, next: page.hasNextPage ? pagesAfter(page) : [] };
  });
}

/** The same for an edition of an event; other editions of its year follow as further pages. */
export function settleEdition(
  db: Db,
  settling: Settling,
  read: ReadPage<ScrapedEventEdition>,
): Promise<Record<string, unknown>> {
  return db.transaction().execute((trx) => settleEditionOn(trx, settling, read));
}

/** As `settleEdition`, on the caller's transaction. */
export function settleEditionOn(
  trx: Trx,
  settling: Settling,
  { page: edition, way }: ReadPage<ScrapedEventEdition>,
): Promise<Record<string, unknown>> {
  return settle(trx, settling, declaredOf(edition), way, async () => ({
    stored: await storeEdition(trx, settling.list, edition),
    next: edition.otherEditions
      .filter((other) => other.year === settling.at.year && other.instance > 1)
      .map(({ year, instance }) => ({ year, page: instance })),
  }));
}

async function settle(
  trx: Trx,
  { list, importId, at, isTmdbOn }: Settling,
  declared: number | null,
  way: string,
  store: () => Promise<{ stored: StoredPage; next: PageOfImport[] }>,
): Promise<Record<string, unknown>> {
  // Pages of one import come one after the other: each marks, counts and queues what the others must see.
  const open = await sql`
    select from list_imports where id = ${importId}::bigint and error_code is distinct from 'STOPPED' for update`.execute(
    trx,
  );
  if (open.rows.length === 0) return { stopped: true };
  if (!(await claimPage(trx, importId, at))) return { storedBefore: true };
  const { stored, next } = await store();
  await notePage(trx, importId, at, { found: stored.found, added: stored.added, declared, way });
  const further = await addPages(trx, importId, await ownPages(trx, importId, next));
  await enqueuePages(trx, list.sourceKey, importId, further);
  const wanted = isTmdbOn ? await unknownTitles(trx, stored.imdbIds) : [];
  await wantTitles(trx, wanted);
  await finishImport(trx, importId);
  return { found: stored.found, added: stored.added, titlesWanted: wanted.length, way };
}

/** An import of one page alone takes no others with it. */
async function ownPages(trx: Trx, importId: string, next: PageOfImport[]): Promise<PageOfImport[]> {
  if (next.length === 0) return [];
  const { isWhole } = await trx
    .selectFrom("list_imports")
    .select("is_whole as isWhole")
    .where("id", "=", importId)
    .executeTakeFirstOrThrow();
  return isWhole ? next : [];
}

/** All further pages where the list says how many titles it has, else the next one. */
function pagesAfter({ page, entries, notTitles, declaredTotal }: ScrapedListPage): PageOfImport[] {
  // What is no title holds a position too, and may be left out of the page.
  const perPage = Math.max(entries.length + notTitles, ...entries.map((entry) => entry.position));
  const last =
    declaredTotal !== null && page === 1 && perPage > 0 ? Math.ceil(declaredTotal / perPage) : page + 1;
  const length = Math.min(Math.max(last, page + 1), MOST_PAGES) - page;
  return Array.from({ length: Math.max(0, length) }, (_, index) => ({ year: 0, page: page + 1 + index }));
}

function declaredOf({ awards }: ScrapedEventEdition): number | null {
  const categories = awards.flatMap((award) => award.categories);
  if (categories.some((one) => one.declaredTotal === null)) return null;
  return categories.reduce((sum, one) => sum + Math.max(one.declaredTotal ?? 0, one.nominations.length), 0);
}
