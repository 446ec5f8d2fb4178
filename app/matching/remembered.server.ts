import { type Kysely, sql } from "kysely";
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
 * @returns by request key; what is missing has to be looked up
 */
export async function knownResolutions(
  db: Kysely<Database>,
  requests: TitleRequest[],
): Promise<Map<string, Resolution>> {
  const keys = requests.map((request) => request.key);
  if (keys.length === 0) return new Map();
  const [matches, aliases] = await Promise.all([findMatches(db, keys), takeAliases(db, keys)]);
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
 * Counts each use as it reads: the aliases page says how much a decision has settled. Locked in the order of their keys, so
 * that two chunks with the same titles cannot lock each other out.
 */
async function takeAliases(db: Kysely<Database>, keys: string[]): Promise<Map<string, Resolution>> {
  const rows = await db
    .with("used", (cte) =>
      cte
        .selectFrom("title_aliases")
        .select("title_key")
        .where("title_key", "=", sql<string>`any(${keys})`)
        .orderBy("title_key")
        .forNoKeyUpdate(),
    )
    .updateTable("title_aliases")
    .from("used")
    .set({ used_count: sql`used_count + 1`, last_used_at: sql`clock_timestamp()` })
    .whereRef("title_aliases.title_key", "=", "used.title_key")
    .returning(["title_aliases.title_key as title_key", "media_type", "tmdb_id"])
    .execute();
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
