import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { episodeDisplay } from "#app/works/episode-display.ts";
import { searchQuery } from "#app/works/search-text.ts";

export interface LibraryFilter {
  mediaType?: "movie" | "tv" | undefined;
  search?: string | undefined;
  /** `unmatched`: kept under its own name, without a TMDB id. */
  match?: "matched" | "unmatched" | undefined;
}

export const librarySorts = ["added", "title", "seen"] as const;
export type LibrarySort = (typeof librarySorts)[number];

/** A work as lists show it. */
export interface LibraryWork {
  workId: string;
  mediaType: "movie" | "tv";
  tmdbId: number | null;
  imdbId: string | null;
  title: string;
  originalTitle: string | null;
  year: number | null;
  posterUrl: string | null;
  /** Its name in the store of images; null: not re-hosted. */
  posterFile: string | null;
  totalSeasons: number | null;
  totalEpisodes: number | null;
  totalsNote: string | null;
  /** Distinct episodes seen, specials left out; 0 for films. */
  watchedEpisodes: number;
  episodeDisplay: string | null;
  lastViewedOn: string | null;
  createdAt: Date;
}

interface Row extends Omit<LibraryWork, "episodeDisplay"> {
  cursorValue: string | null;
  position: unknown;
}

/**
 * How each sort orders and goes on: newest or latest first, names from A, never seen last. The expressions are those of the
 * indexes `works_library_…_idx`, to the letter: a page begins where the one before ended, however deep it lies.
 */
const orders = {
  added: {
    column: sql`works.created_at`,
    text: sql`to_char(works.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    type: sql`timestamptz`,
    descending: true,
  },
  title: {
    column: sql`lower(works.title)`,
    text: sql`lower(works.title)`,
    type: sql`text`,
    descending: false,
  },
  seen: {
    column: sql`coalesce(works.last_viewed_on, '-infinity'::date)`,
    text: sql`works.last_viewed_on::text`,
    type: sql`date`,
    descending: true,
  },
} as const;

/**
 * A page of the library by keyset: its cost does not grow with the number of works. Films and series are listed each for
 * themselves and then merged, so that one index per sort serves all three lists. Episodes are counted for the works of the
 * page alone.
 *
 * @throws AppError BAD_CURSOR (400)
 */
export async function listWorks(
  db: Kysely<Database>,
  filter: LibraryFilter,
  sort: LibrarySort,
  page: PageOfWorks,
): Promise<{ works: LibraryWork[]; nextCursor: string | null }> {
  const direction = orders[sort].descending ? sql`desc` : sql`asc`;
  const kinds = filter.mediaType ? [filter.mediaType] : (["movie", "tv"] as const);
  const ofKinds = kinds.map(
    (kind) => sql`select * from (${worksOfKind(kind, filter, sort, page)}) as of_kind`,
  );
  const { rows } = await sql<Row>`
    select page.*, meta.poster_url_medium as "posterUrl", stored.file_name as "posterFile",
      counted.watched as "watchedEpisodes"
    from (
      ${sql.join(ofKinds, sql` union all `)}
      order by position ${direction}, "workId" ${direction}
      limit ${page.limit + 1}
    ) as page
    left join works_meta as meta on meta.work_id = page."workId"
    left join lateral (
      select file_name from work_images join images on images.image_id = work_images.image_id
      where work_images.work_id = page."workId" and role = 'poster_medium' and status = 'stored'
        and source_url = meta.poster_url_medium
    ) as stored on true
    cross join lateral (
      select case when page."mediaType" = 'tv' then (
        select count(distinct (season_number, episode_key))::int from viewings
        where viewings.work_id = page."workId" and episode_key is not null and season_number is distinct from 0
      ) else 0 end as watched
    ) as counted
    order by page.position ${direction}, page."workId" ${direction}`.execute(db);
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return { works: shown.map(withDisplay), nextCursor: last ? writeCursor(sort, last) : null };
}

/**
 * So many works are looked through in their order before a search asks the index of words. A frequent word fills its page from
 * them; a rare one is then found by the index and sorted. PostgreSQL cannot choose between the two: of a word's beginning it
 * knows no frequency, and walked 100,000 works for a word that occurs nowhere (700 ms).
 */
const LOOKED_THROUGH = 1_000;

/** The works of one kind that a page may hold, in its order. */
function worksOfKind(kind: "movie" | "tv", filter: LibraryFilter, sort: LibrarySort, page: PageOfWorks) {
  const after = page.cursor ? afterClause(sort, page.cursor) : sql`true`;
  const allowed = sql`works.media_type = ${kind} and ${matchClause(filter.match)} and ${after}`;
  if (!filter.search?.trim()) return inOrder(sql`works where ${allowed}`, sort, page.limit + 1);
  const words = searchQuery(filter.search);
  if (!words) return inOrder(sql`works where false`, sort, 0);
  const matches = sql`works.search_words @@ to_tsquery('simple', ${words})`;
  const next = sql`select * from works where ${allowed} order by ${orderOf(sort)} limit ${LOOKED_THROUGH}`;
  // `offset 0` keeps the planner from walking the order here too.
  const all = sql`select * from works where ${allowed} and ${matches} offset 0`;
  return sql`
    with walked as materialized (${inOrder(sql`(${next}) as works where ${matches}`, sort, page.limit + 1)})
    select * from walked where (select count(*) from walked) > ${page.limit}
    union all
    select * from (${inOrder(sql`(${all}) as works`, sort, page.limit + 1)}) as sorted
    where (select count(*) from walked) <= ${page.limit}`;
}

interface PageOfWorks {
  limit: number;
  cursor?: string | undefined;
}

function inOrder(works: RawBuilder<unknown>, sort: LibrarySort, limit: number) {
  const { column, text } = orders[sort];
  return sql`
    select works.work_id as "workId", works.media_type as "mediaType", works.tmdb_id as "tmdbId", works.imdb_id as "imdbId",
      works.title, works.original_title as "originalTitle", works.year, works.total_seasons as "totalSeasons",
      works.total_episodes as "totalEpisodes", works.totals_note as "totalsNote", works.last_viewed_on as "lastViewedOn",
      works.created_at as "createdAt", ${text} as "cursorValue", ${column} as position
    from ${works} order by ${orderOf(sort)} limit ${limit}`;
}

function orderOf(sort: LibrarySort) {
  const { column, descending } = orders[sort];
  const direction = descending ? sql`desc` : sql`asc`;
  return sql`${column} ${direction}, works.work_id ${direction}`;
}

function matchClause(match: LibraryFilter["match"]) {
  if (match === "matched") return sql`works.tmdb_id is not null`;
  return match === "unmatched" ? sql`works.tmdb_id is null` : sql`true`;
}

function withDisplay({ cursorValue: _cursor, position: _position, ...row }: Row): LibraryWork {
  const { mediaType, watchedEpisodes: watched, totalEpisodes: total } = row;
  return { ...row, episodeDisplay: episodeDisplay({ mediaType, watched, total }) };
}

function writeCursor(sort: LibrarySort, row: Row): string {
  return Buffer.from(JSON.stringify([sort, row.cursorValue, row.workId])).toString("base64url");
}

/** What comes behind a cursor. A comparison of rows: with `or` in its place the index would be read from its beginning. */
function afterClause(sort: LibrarySort, cursor: string) {
  const { value, workId } = readCursor(sort, cursor);
  const { column, type, descending } = orders[sort];
  // Works that were never seen stand last.
  const position = value === null ? sql`'-infinity'::date` : sql`${value}::${type}`;
  return sql`(${column}, works.work_id) ${descending ? sql`<` : sql`>`} (${position}, ${workId}::bigint)`;
}

function readCursor(sort: LibrarySort, cursor: string): { value: string | null; workId: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (
      Array.isArray(parsed) &&
      parsed[0] === sort &&
      /^\d{1,18}$/.test(String(parsed[2])) &&
      isValue(sort, parsed[1])
    )
      return { value: parsed[1], workId: String(parsed[2]) };
  } catch {
    // Not ours: said below.
  }
  throw new AppError(
    "BAD_CURSOR",
    400,
    "The cursor is not one that this list gave out. Start again without it.",
  );
}

const formats: Record<LibrarySort, RegExp> = {
  added: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/,
  title: /^[\s\S]{0,2000}$/,
  seen: /^\d{4}-\d\d-\d\d$/,
};

function isValue(sort: LibrarySort, value: unknown): value is string | null {
  if (value === null) return sort === "seen";
  return typeof value === "string" && formats[sort].test(value) && !value.includes("\0");
}
