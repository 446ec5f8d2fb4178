import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { tierRange } from "#app/discovery/refresh/freshness.server.ts";
import { AppError } from "#app/errors.ts";
import type { RefreshRules } from "#app/works/refresh-rules.ts";
import { type AgeTier, DUE_REASONS, type DueReason, type RefreshResult } from "#app/works/staleness.ts";

/** Counting stops here: the screen says "10,000+". */
export const MOST_COUNTED = 10_000;

/** How many works are due, by reason, each counted to MOST_COUNTED. */
export async function countDue(db: Kysely<Database>): Promise<{ reason: DueReason; works: number }[]> {
  const { rows } = await sql<{ reason: DueReason; works: number }>`
    select reason, (select count(*)::int from (
      select from works where due_reason = reason and due_at <= now() limit ${MOST_COUNTED + 1}) as due) as works
    from unnest(${sql.val([...DUE_REASONS])}::text[]) as reason`.execute(db);
  return rows.filter((row) => row.works > 0);
}

export interface DueWork {
  workId: string;
  mediaType: "movie" | "tv";
  tmdbId: number;
  title: string;
  year: number | null;
  releaseDate: string | null;
  lastRefreshedAt: Date | null;
  changedAt: Date | null;
  /** null: never by itself, until somebody has decided about a lost one. */
  dueAt: Date | null;
  reason: DueReason;
  lastResult: RefreshResult | null;
  lastError: string | null;
  failures: number;
  /** A run has it under way. */
  isPlanned: boolean;
}

const shown = sql`works.work_id as "workId", media_type as "mediaType", tmdb_id as "tmdbId", title, year,
  release_date as "releaseDate", last_refreshed_at as "lastRefreshedAt", changed_at as "changedAt", due_at as "dueAt",
  due_reason as reason, last_refresh_result as "lastResult", last_refresh_error as "lastError", refresh_failures as failures,
  exists (select from ingestion_members as open where open.media_type = works.media_type and open.tmdb_id = works.tmdb_id
    and open.status = 'pending') as "isPlanned"`;

/** Tiers of which a large catalogue has few works: found by their release date, where a walk by due date would find none for long. */
const SPARSE: readonly AgeTier[] = ["upcoming", "new", "recent", "settled"];

/**
 * Works that are due, longest due first.
 *
 * @param page.cursor what an earlier page gave as `next`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listDue(
  db: Kysely<Database>,
  filter: { reason?: DueReason | undefined; tier?: AgeTier | undefined },
  page: { limit: number; cursor?: string | undefined },
  rules: RefreshRules,
): Promise<{ works: DueWork[]; next: string | null }> {
  const reason = filter.reason ? sql`due_reason = ${filter.reason}` : sql`true`;
  const tier = filter.tier ? tierRange(filter.tier, rules) : sql`true`;
  const chosen = sql`from works where due_at <= now() and tmdb_id is not null and ${reason} and ${tier}`;
  const isSparse = filter.tier !== undefined && SPARSE.includes(filter.tier);
  return pageBy(db, page, "due_at", chosen, isSparse);
}

/** Works whose last refreshes failed, last tried first; and how long they wait. Paged as `listDue`. */
export async function listFailing(
  db: Kysely<Database>,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ works: DueWork[]; next: string | null }> {
  return pageBy(db, page, "refresh_attempted_at", sql`from works where refresh_failures > 0`, false);
}

/**
 * One page in the order of a moment.
 *
 * @param chosen `from works where …`
 * @param isSparse the chosen are few: they are all found first, out of an index alone, and sorted then
 */
async function pageBy(
  db: Kysely<Database>,
  page: { limit: number; cursor?: string | undefined },
  column: "due_at" | "refresh_attempted_at",
  chosen: RawBuilder<unknown>,
  isSparse: boolean,
): Promise<{ works: DueWork[]; next: string | null }> {
  const at = sql.ref(column);
  const descending = column === "refresh_attempted_at";
  const direction = descending ? sql`desc` : sql`asc`;
  const after = page.cursor ? readCursor(page.cursor) : null;
  const beyond = after
    ? sql`(${at}, work_id) ${descending ? sql`<` : sql`>`}
        (to_timestamp(${after.micros}::numeric / 1000000), ${after.workId}::bigint)`
    : sql`true`;
  const { rows } = await sql<DueWork & { micros: string }>`
    select ${shown}, (extract(epoch from works.${at}) * 1000000)::bigint as micros
    from (
      select work_id from (select work_id, ${at} ${chosen} and ${beyond} ${isSparse ? sql`offset 0` : sql``}) as found
      order by ${at} ${direction}, work_id ${direction} limit ${page.limit + 1}
    ) as page join works using (work_id)
    order by works.${at} ${direction}, works.work_id ${direction}`.execute(db);
  const works = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? works.at(-1) : undefined;
  return {
    works: works.map(({ micros: _micros, ...work }) => work),
    next: last ? `${last.micros}.${last.workId}` : null,
  };
}

function readCursor(cursor: string): { micros: string; workId: string } {
  const [, micros, workId] = /^(\d{1,18})\.(\d{1,18})$/.exec(cursor) ?? [];
  if (!micros || !workId)
    throw new AppError(
      "BAD_CURSOR",
      400,
      "The cursor is not one that this list gave out. Start again without it.",
    );
  return { micros, workId };
}
