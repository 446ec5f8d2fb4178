import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { CARD_VERSION, type CardFacts, cardOf } from "#app/works/card.ts";
import { workNotFound } from "#app/works/work-not-found.ts";

/** A card as it is sent: its JSON and a strong entity tag, without quotes. */
export interface BuiltCard {
  json: string;
  etag: string;
}

/**
 * The card of a work, as it is kept, or built anew when something that it shows has changed since.
 *
 * Whoever changes a work marks its card in the same transaction (triggers, decision 15), so a card that is not marked is true.
 *
 * @throws AppError WORK_NOT_FOUND (404), also for what is no id at all
 */
export async function readCard(db: Db, workId: string, form: "full" | "short"): Promise<BuiltCard> {
  if (!/^\d{1,18}$/.test(workId)) throw workNotFound();
  const kept = await findBuilt(db, workId, form);
  if (kept) return kept;
  return db.transaction().execute(async (trx) => {
    await sql`select from works where work_id = ${workId}::bigint for no key update`.execute(trx);
    // Somebody else may have built it while this one waited.
    const built = await findBuilt(trx, workId, form);
    if (built) return built;
    await buildCards(trx, [workId]);
    const card = await findBuilt(trx, workId, form);
    if (!card) throw workNotFound();
    return card;
  });
}

async function findBuilt(
  db: Kysely<Database>,
  workId: string,
  form: "full" | "short",
): Promise<BuiltCard | null> {
  const column = form === "full" ? "payload" : "payload_short";
  // As text: a parsed and printed card might differ from the one that its tag was made for.
  const { rows } = await sql<BuiltCard>`
    select ${sql.ref(column)}::text as json, etag from work_cards_cache
    where work_id = ${workId}::bigint and card_version = ${CARD_VERSION}`.execute(db);
  const [card] = rows;
  return card ? { json: card.json, etag: form === "full" ? card.etag : `${card.etag}-short` } : null;
}

/** Builds these works' cards. @param trx a transaction that has locked the works: nothing that they show may change meanwhile */
async function buildCards(trx: Kysely<Database>, workIds: readonly string[]): Promise<void> {
  const cards = (await readFacts(trx, workIds)).map((facts) => {
    const { full, short } = cardOf(facts);
    return { workId: facts.workId, full, short, etag: tagOf(full) };
  });
  await sql`
    update work_cards_cache as kept set payload = card."full", payload_short = card.short, etag = card.etag,
      computed_at = clock_timestamp(), card_version = ${CARD_VERSION}
    from json_to_recordset(${JSON.stringify(cards)}::json) as card ("workId" bigint, "full" jsonb, short jsonb, etag text)
    where kept.work_id = card."workId"`.execute(trx);
}

/** The short card is made of the full one's fields: one tag says whether either has changed. */
function tagOf(card: unknown): string {
  return createHash("sha256")
    .update(`${CARD_VERSION} ${JSON.stringify(card)}`)
    .digest("base64url")
    .slice(0, 32);
}

async function readFacts(trx: Kysely<Database>, workIds: readonly string[]): Promise<CardFacts[]> {
  const { rows } = await sql<CardFacts>`
    select works.work_id as "workId", media_type as "mediaType", tmdb_id as "tmdbId", imdb_id as "imdbId", title,
      original_title as "originalTitle", original_language as "originalLanguage", year, release_date as "releaseDate",
      total_seasons as "totalSeasons", total_episodes as "totalEpisodes", to_json(meta) as meta,
      coalesce(rated.ratings, '[]') as ratings, scored.score, coalesce(stored.hosted, '{}') as hosted,
      case when media_type = 'tv' then (
        select count(distinct (season_number, episode_key))::int from viewings
        where viewings.work_id = works.work_id and episode_key is not null and season_number is distinct from 0
      ) else 0 end as "watchedEpisodes"
    from works
    left join lateral (
      select tagline, overview, overview_short, runtime_minutes, runtime_display, genres, certification, keywords,
        poster_url_medium, poster_url_large, backdrop_url_mobile, cast_members, crew_members, still_images, trailers
      from works_meta where works_meta.work_id = works.work_id
    ) as meta on true
    cross join lateral (
      select json_agg(json_build_object('source', source_name, 'value', value_raw, 'scale', scale_type,
        'value_0_100', value_0_100, 'votes', votes_count)) as ratings
      from rating_sources where rating_sources.work_id = works.work_id
    ) as rated
    left join lateral (
      select json_build_object('score', ai_score, 'low', ai_score_low, 'high', ai_score_high,
        'methodVersion', method_version) as score
      from aggregates where aggregates.work_id = works.work_id and ai_score is not null
      order by method_version desc limit 1
    ) as scored on true
    cross join lateral (
      select json_object_agg(source_url, file_name) as hosted
      from work_images join images on images.image_id = work_images.image_id
      where work_images.work_id = works.work_id and images.status = 'stored'
    ) as stored
    where works.work_id = any (${sql.val(workIds)}::bigint[])`.execute(trx);
  return rows;
}

/** Works per transaction, and transactions per sweep. A transaction holds its works only while it builds. */
const BATCH = 50;
const BATCHES = 10;

/**
 * Builds cards that were marked, so that the next reader finds them ready. Runs with every sweep; processes that do so at once
 * share the works, and works that somebody is writing wait for the next one.
 *
 * @returns how many cards were built
 */
export async function sweepCards(db: Db): Promise<number> {
  let done = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const built = await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ workId: string }>`
        select works.work_id as "workId" from work_cards_cache join works on works.work_id = work_cards_cache.work_id
        where card_version = 0
        order by works.work_id limit ${BATCH}
        for no key update of works skip locked`.execute(trx);
      // Locked since, but perhaps built by somebody else in the moment before.
      const { rows: marked } = await sql<{ workId: string }>`
        select work_id as "workId" from work_cards_cache where card_version = 0
          and work_id = any (${sql.val(rows.map((row) => row.workId))}::bigint[])`.execute(trx);
      const workIds = marked.map((row) => row.workId);
      if (workIds.length > 0) await buildCards(trx, workIds);
      return { found: rows.length, built: workIds.length };
    });
    done += built.built;
    if (built.found < BATCH) break;
  }
  return done;
}
