import { type Kysely, sql } from "kysely";
import { keyFor, type ListCategory, type ListSource } from "#app/awards/lists/list-source.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { FetchWay } from "#app/upstreams/imdb/fetch-way.ts";

/** A list as it is set up. */
export interface MovieList {
  id: string;
  sourceKey: string;
  name: string;
  description: string | null;
  sourceType: "imdb" | "imdb_event";
  sourceUrl: string;
  sourceId: string;
  category: ListCategory;
  tracksAwards: boolean;
  active: boolean;
  fetchWay: FetchWay;
  metadata: Record<string, unknown>;
  lastImportAt: Date | null;
  lastImportStatus: "success" | "failed" | "partial" | "pending" | null;
  lastMovieCount: number | null;
  totalImports: number;
}

const columns = [
  "id",
  "source_key as sourceKey",
  "name",
  "description",
  "source_type as sourceType",
  "source_url as sourceUrl",
  "source_id as sourceId",
  "category",
  "tracks_awards as tracksAwards",
  "active",
  "fetch_way as fetchWay",
  "metadata",
  "last_import_at as lastImportAt",
  "last_import_status as lastImportStatus",
  "last_movie_count as lastMovieCount",
  "total_imports as totalImports",
] as const;

/** @throws AppError LIST_NOT_FOUND (404) */
export async function findList(db: Kysely<Database>, sourceKey: string): Promise<MovieList> {
  const list = await db
    .selectFrom("movie_lists")
    .select(columns)
    .where("source_key", "=", sourceKey)
    .executeTakeFirst();
  if (list) return list;
  throw new AppError(
    "LIST_NOT_FOUND",
    404,
    "There is no list with this key. The page of lists shows all of them.",
  );
}

/** What an operator says about a list. */
export interface ListSettings {
  name: string | null;
  description: string | null;
  source: ListSource;
  category: ListCategory;
  tracksAwards: boolean;
  fetchWay: FetchWay;
  /** Editions that an import of an event fetches when it is not told others. */
  years: number[];
}

/** These stand for pages of their own. */
const RESERVED = new Set(["events", "new"]);
const MOST_SAME_NAMES = 50;

/** A name until the list's own is read from its page. */
const nameOf = ({ name, source }: ListSettings): string =>
  name ?? `IMDb ${source.sourceType === "imdb" ? "list" : "event"} ${source.sourceId}`;

/**
 * Adds a list, under a key made of its name.
 *
 * @returns its key
 * @throws AppError LIST_EXISTS (409): the same list, or edition of an event, stands there already
 */
export async function addList(trx: Kysely<Database>, settings: ListSettings): Promise<string> {
  const twin = await trx
    .selectFrom("movie_lists")
    .select(["source_key as sourceKey", "name"])
    .where("source_url", "=", settings.source.sourceUrl)
    .executeTakeFirst();
  if (twin)
    throw new AppError(
      "LIST_EXISTS",
      409,
      `This address stands here already, as “${twin.name}”. Open that list instead of adding it again.`,
      { sourceKey: twin.sourceKey },
    );
  const wanted = keyFor(settings.name ?? "", settings.source.sourceId);
  for (let count = RESERVED.has(wanted) ? 2 : 1; count <= MOST_SAME_NAMES; count += 1) {
    const row = await trx
      .insertInto("movie_lists")
      .values({
        source_key: count === 1 ? wanted : `${wanted}_${count}`,
        source_type: settings.source.sourceType,
        metadata: JSON.stringify(withYears({}, settings)),
        ...valuesOf(settings),
      })
      .onConflict((conflict) => conflict.column("source_key").doNothing())
      .returning("source_key")
      .executeTakeFirst();
    if (row) return row.source_key;
  }
  throw new AppError("LIST_NAME_TAKEN", 409, "Many lists have this name already. Choose another one.", {
    field: "name",
  });
}

function valuesOf(settings: ListSettings) {
  return {
    name: nameOf(settings),
    description: settings.description,
    source_url: settings.source.sourceUrl,
    source_id: settings.source.sourceId,
    category: settings.category,
    tracks_awards: settings.tracksAwards,
    fetch_way: settings.fetchWay,
  };
}

function withYears(metadata: Record<string, unknown>, { source, years }: ListSettings) {
  if (source.sourceType === "imdb") return metadata;
  const named = years.length > 0 ? years : source.year === null ? [] : [source.year];
  const { year: _year, years: _years, ...rest } = metadata;
  return named.length === 1
    ? { ...rest, year: named[0] }
    : { ...rest, ...(named.length > 0 ? { years: named } : {}) };
}

/**
 * Changes a list's settings. What was imported stays; a list of titles cannot become an event this way: see the comparison on
 * its page.
 *
 * @throws AppError LIST_NOT_FOUND (404) · LIST_KIND_FIXED (422) · LIST_ADDRESS_FIXED (422)
 */
export async function changeList(
  trx: Kysely<Database>,
  sourceKey: string,
  settings: ListSettings,
): Promise<void> {
  const list = await findList(trx, sourceKey);
  if (list.sourceType !== settings.source.sourceType)
    throw new AppError(
      "LIST_KIND_FIXED",
      422,
      "A list stays a list and an event an event. Add the other one as a list of its own, or convert this one on its page.",
      { field: "address" },
    );
  if (list.sourceId !== settings.source.sourceId && list.totalImports > 0)
    throw new AppError(
      "LIST_ADDRESS_FIXED",
      422,
      "What was imported belongs to the list at the old address. Add the new address as a list of its own.",
      { field: "address" },
    );
  await trx
    .updateTable("movie_lists")
    .set({
      ...valuesOf(settings),
      metadata: JSON.stringify(withYears(list.metadata, settings)),
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", list.id)
    .execute();
}

/** Puts a list aside, or takes it up again. An inactive one keeps its entries and is not imported. */
export async function setActive(trx: Kysely<Database>, sourceKey: string, active: boolean): Promise<void> {
  const list = await findList(trx, sourceKey);
  await trx
    .updateTable("movie_lists")
    .set({ active, updated_at: sql`clock_timestamp()` })
    .where("id", "=", list.id)
    .execute();
}

/** A list that was added without a name takes the one on its page. */
export async function takeOwnName(
  trx: Kysely<Database>,
  list: Pick<MovieList, "id" | "sourceId">,
  name: string | null,
): Promise<void> {
  if (!name) return;
  await trx
    .updateTable("movie_lists")
    .set({ name: name.slice(0, 500) })
    .where("id", "=", list.id)
    .where("name", "in", [`IMDb list ${list.sourceId}`, `IMDb event ${list.sourceId}`])
    .execute();
}
