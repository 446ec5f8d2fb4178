import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** A season that TMDB lists, or that viewings name, or both. */
export interface WorkSeason {
  /** 0: specials; null: viewings that do not say their season. */
  seasonNumber: number | null;
  name: string | null;
  /** null: not listed at TMDB. */
  episodeCount: number | null;
  airDate: string | null;
  posterUrl: string | null;
  /** The day on which the season was begun, where only that was recorded. */
  startedOn: string | null;
  /** Distinct episodes seen. */
  watched: number;
  episodes: SeenEpisode[];
  /** Numbers not seen; null where they cannot be told: the count is unknown, or an episode is known by its title alone. */
  missing: number[] | null;
}

export interface SeenEpisode {
  number: number | null;
  title: string | null;
  times: number;
  lastViewedOn: string | null;
}

type SeasonRow = Omit<WorkSeason, "watched" | "missing" | "episodes"> & { episodes: SeenEpisode[] | null };

/** The seasons of a series, by number, with the episodes seen of each. */
export async function findSeasons(db: Kysely<Database>, workId: string): Promise<WorkSeason[]> {
  const { rows } = await sql<SeasonRow>`
    with seen as (
      -- One line per episode; a viewing without one says that the season was begun.
      select season_number, episode_key, max(episode_number) as number, max(episode_title) as title,
        count(*)::int as times, min(viewed_on) as first_on, max(viewed_on) as last_on
      from viewings where work_id = ${workId}::bigint
      group by season_number, episode_key
    ), watched as (
      select season_number,
        min(first_on) filter (where episode_key is null) as started_on,
        json_agg(json_build_object('number', number, 'title', title, 'times', times, 'lastViewedOn', last_on)
          order by number nulls last, first_on, title) filter (where episode_key is not null) as episodes
      from seen group by season_number
    )
    select coalesce(listed.season_number, watched.season_number) as "seasonNumber", listed.name,
      listed.episode_count as "episodeCount", listed.air_date as "airDate", listed.poster_url as "posterUrl",
      watched.started_on as "startedOn", watched.episodes
    from (select * from seasons where work_id = ${workId}::bigint) as listed
    full join watched on watched.season_number = listed.season_number
    order by 1 nulls last`.execute(db);
  return rows.map(({ episodes: given, ...season }) => {
    const episodes = given ?? [];
    return { ...season, watched: episodes.length, episodes, missing: missingOf(season, episodes) };
  });
}

function missingOf(
  season: Pick<WorkSeason, "seasonNumber" | "episodeCount">,
  episodes: SeenEpisode[],
): number[] | null {
  if (season.episodeCount === null || episodes.some((episode) => episode.number === null)) return null;
  const seen = new Set(episodes.map((episode) => episode.number));
  return Array.from({ length: season.episodeCount }, (_, at) => at + 1).filter((number) => !seen.has(number));
}
