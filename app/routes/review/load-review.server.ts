import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { countNewAliases } from "#app/imports/review/aliases.server.ts";
import {
  countDecidedToday,
  lastDecisionOf,
  lastDecisionOn,
  listWrittenRows,
} from "#app/imports/review/decisions.server.ts";
import {
  countWaitingRows,
  listDoubtfulTitles,
  listWaitingRows,
  MOST_ROWS,
  type WaitingRow,
} from "#app/imports/review/doubtful-titles.server.ts";
import { readOutcome } from "#app/imports/row-outcome.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { lookUpTitles, type TitleDetails } from "#app/matching/title-details.server.ts";
import { readTitleId } from "#app/matching/title-id.ts";
import { posterAddress } from "#app/routes/review/poster-address.ts";
import { type ReviewView, readReviewView, writeTitleCursor } from "#app/routes/review/review-view.ts";

type Desk = Pick<AppContext, "db" | "config">;

const PAGE_SIZE = 50;
/** Added up from all rows that wait: not twice a second while an import runs. A decision made here is seen at once. */
const LIST_KEPT_MS = 2_000;
/** Rows of one title that are named; more are counted. */
const ROWS_NAMED = 6;

export type ReviewData = Awaited<ReturnType<typeof loadReview>>;
export type OpenTitle = Extract<NonNullable<ReviewData["open"]>, { state: "waits" }>;

/**
 * Everything that the review page shows for its URL: the list, the title that is open, and an id that is looked up.
 *
 * @param operator whose last decision can be undone
 */
export async function loadReview(desk: Desk, params: URLSearchParams, operator: string) {
  const { db } = desk;
  const view = readReviewView(params);
  const cursor = writeTitleCursor(view.cursor);
  const [list, decidedToday, newAliases, last] = await Promise.all([
    sharedRead(
      `doubtful titles ${cursor}`,
      () => listDoubtfulTitles(db, { limit: PAGE_SIZE, cursor: view.cursor }),
      { keepMs: LIST_KEPT_MS },
    ),
    sharedRead("decided today", () => countDecidedToday(db)),
    sharedRead("new aliases", () => countNewAliases(db)),
    lastDecisionOf(db, operator),
  ]);
  const key = view.key ?? list.titles[0]?.key ?? null;
  const [open, lookUp] = await Promise.all([
    key === null ? null : loadTitle(desk, key),
    lookUpId(desk, view),
  ]);
  return {
    list: { ...list, next: writeTitleCursor(list.next), isFirst: view.cursor === null, mostRows: MOST_ROWS },
    open,
    lookUp,
    last,
    progress: { decided: decidedToday, total: decidedToday + list.total },
    newAliases,
  };
}

async function loadTitle(desk: Desk, key: string) {
  const { db } = desk;
  const rows = await listWaitingRows(db, key, ROWS_NAMED);
  const [first] = rows;
  if (!first) return { state: "gone" as const, key, decision: await lastDecisionOn(db, key) };
  const match = readOutcome(first.outcome).match;
  const offered = match?.candidates ?? [];
  const [count, written, works] = await Promise.all([
    countWaitingRows(db, key),
    listWrittenRows(db, key, ROWS_NAMED),
    findWorks(db, offered),
  ]);
  return {
    state: "waits" as const,
    key,
    ...count,
    title: first.normalized.title,
    yearHint: first.normalized.yearHint,
    kind: first.normalized.kind,
    ids: first.normalized.ids,
    reason: match?.reason?.text ?? null,
    first: { ...placeOf(first), cells: cellsOf(first) },
    others: rows.slice(1).map(placeOf),
    written,
    candidates: offered.map((candidate) => ({
      ...candidate,
      poster: posterAddress(desk.config, candidate.posterPath),
      workId: works.get(`${candidate.mediaType}:${candidate.tmdbId}`) ?? null,
    })),
  };
}

/** Where a row stands, and what tells it from the others of its title. */
function placeOf({ jobId, fileName, rowNumber, lineNumber, normalized }: WaitingRow) {
  const { date, season, episode, episodeTitle } = normalized;
  return { jobId, fileName, rowNumber, lineNumber, date, season, episode, episodeTitle };
}

/** In the file's own order: jsonb does not keep the order of keys. */
function cellsOf({ columns, raw }: WaitingRow) {
  return columns
    .filter((column) => column in raw)
    .map((column) => ({ column, value: [raw[column] ?? ""].flat().join(" · ") }));
}

/** Which of these titles are works of the catalogue: their ids by `movie:603`. */
async function findWorks(
  db: Db,
  titles: readonly { mediaType: "movie" | "tv"; tmdbId: number }[],
): Promise<Map<string, string>> {
  if (titles.length === 0) return new Map();
  const rows = await db
    .selectFrom("works")
    .select(["work_id", "media_type", "tmdb_id"])
    .where((where) =>
      where.or(
        titles.map(({ mediaType, tmdbId }) =>
          where.and([where("media_type", "=", mediaType), where("tmdb_id", "=", tmdbId)]),
        ),
      ),
    )
    .limit(titles.length)
    .execute();
  return new Map(rows.map((row) => [`${row.media_type}:${row.tmdb_id}`, row.work_id]));
}

async function lookUpId({ db, config }: Desk, { id }: ReviewView) {
  if (id === null) return null;
  const read = readTitleId(id);
  if ("problem" in read) return { asked: id, problem: read.problem, found: [] };
  try {
    const found = await lookUpTitles({ db, config, priority: "interactive" }, read);
    return { asked: id, problem: null, found: found.map((details) => enteredCandidate(config, details)) };
  } catch (error) {
    if (error instanceof AppError) return { asked: id, problem: error.userMessage, found: [] };
    throw error;
  }
}

const enteredCandidate = (config: Desk["config"], details: TitleDetails) => ({
  ...details,
  score: null,
  workId: null,
  poster: posterAddress(config, details.posterPath),
});
