import { type Kysely, type Selectable, sql } from "kysely";
import type { TitleAliasesTable } from "#app/db/tables/catalogue.ts";
import type { Database } from "#app/db/types.ts";
import { reason } from "#app/matching/reason.ts";
import type { Resolution, TitleRequest } from "#app/matching/resolution.ts";
import type { ScoredCandidate } from "#app/matching/score.ts";

/** As long as TMDB's search answers are kept … */
const KEEP_DAYS = 7;
/** … and what nobody knew for as long as their empty answers are kept. */
const KEEP_NONE_DAYS = 1;

/**
 * What is known of these titles without asking anybody: aliases first (an operator decided), then matches of the last week.
 *
 * @param requests with how many rows ask for each, for the count of an alias's uses; 1 when absent
 * @returns by request key; what is missing has to be looked up
 */
export async function knownResolutions(
  db: Kysely<Database>,
  requests: (TitleRequest & { rows?: number })[],
): Promise<Map<string, Resolution>> {
  const keys = requests.map((request) => request.key);
  if (keys.length === 0) return new Map();
  const uses = requests.map(({ key, rows = 1 }) => ({ key, rows }));
  const [matches, aliases] = await Promise.all([findMatches(db, keys), takeAliases(db, uses)]);
  return new Map([...matches, ...aliases]);
}

async function findMatches(db: Kysely<Database>, keys: string[]): Promise<Map<string, Resolution>> {
  const rows = await db
    .selectFrom("title_matches")
    .select([
      "title_key",
      "media_type",
      "tmdb_id",
      "imdb_id",
      "season_number",
      "episode_number",
      "outcome",
      "score",
      "strategy",
      "reason_code",
      "reason",
      "candidates",
    ])
    .where("title_key", "=", sql<string>`any(${keys})`)
    .where("expires_at", ">", sql<Date>`clock_timestamp()`)
    .limit(keys.length)
    .execute();
  return new Map(
    rows.map((row) => [
      row.title_key,
      {
        outcome: row.outcome,
        mediaType: row.media_type,
        tmdbId: row.tmdb_id,
        imdbId: row.imdb_id,
        bareKey: row.media_type === "tv" ? row.title_key : null,
        episode:
          row.season_number !== null && row.episode_number !== null
            ? { season: row.season_number, episode: row.episode_number }
            : null,
        score: Number(row.score),
        strategy: row.strategy,
        reason: { code: row.reason_code, text: row.reason },
        candidates: row.candidates as ScoredCandidate[],
      },
    ]),
  );
}

/**
 * Counts the rows that use each as it reads: the aliases page says how much a decision has settled. One statement a chunk, and
 * none but aliases are written. Rows that a chunk gives back and takes again count twice. Locked in the order of their keys, so
 * that two chunks with the same titles cannot lock each other out.
 */
async function takeAliases(
  db: Kysely<Database>,
  uses: { key: string; rows: number }[],
): Promise<Map<string, Resolution>> {
  const { rows } = await sql<Pick<Selectable<TitleAliasesTable>, "title_key" | "media_type" | "tmdb_id">>`
    with asked as (
      select key, rows from json_to_recordset(${JSON.stringify(uses)}::json) as asked (key text, rows int)
    ), used as (
      select title_key from title_aliases where title_key = any(${uses.map(({ key }) => key)})
      order by title_key for no key update
    )
    update title_aliases as aliases set used_count = used_count + asked.rows, last_used_at = clock_timestamp()
    from used join asked on asked.key = used.title_key
    where aliases.title_key = used.title_key
    returning aliases.title_key, aliases.media_type, aliases.tmdb_id`.execute(db);
  return new Map(rows.map((row) => [row.title_key, aliasResolution(row.media_type, row.tmdb_id)]));
}

function aliasResolution(mediaType: "movie" | "tv" | null, tmdbId: number | null): Resolution {
  const base = {
    mediaType,
    tmdbId,
    imdbId: null,
    bareKey: null,
    episode: null,
    strategy: "alias",
    candidates: [],
  };
  if (tmdbId) return { ...base, outcome: "match", score: 1, reason: reason("decided_before") };
  const text = "An operator has decided that none of the titles found is meant. Enter the id if you know it.";
  return { ...base, outcome: "none", score: 0, reason: { code: "decided_none", text } };
}

const isKnown = ({ outcome, tmdbId, imdbId }: Resolution): boolean =>
  outcome === "review" || Boolean(tmdbId ?? imdbId);

/** Keeps what a title was found to be, for every later row of every file. */
export async function rememberResolution(
  db: Kysely<Database>,
  key: string,
  resolution: Resolution,
): Promise<void> {
  const values = {
    media_type: resolution.mediaType,
    tmdb_id: resolution.tmdbId,
    imdb_id: resolution.imdbId,
    season_number: resolution.episode?.season ?? null,
    episode_number: resolution.episode?.episode ?? null,
    outcome: resolution.outcome,
    score: resolution.score,
    strategy: resolution.strategy,
    reason_code: resolution.reason.code,
    reason: resolution.reason.text,
    candidates: JSON.stringify(resolution.candidates),
    decided_at: sql<Date>`clock_timestamp()`,
    expires_at: sql<Date>`clock_timestamp() + ${isKnown(resolution) ? KEEP_DAYS : KEEP_NONE_DAYS} * interval '1 day'`,
  };
  await db
    .insertInto("title_matches")
    .values({ title_key: key, ...values })
    .onConflict((conflict) => conflict.column("title_key").doUpdateSet(values))
    .execute();
}
