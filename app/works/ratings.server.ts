import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { rescoreWorks } from "#app/works/score.server.ts";
import type { RatingFact } from "#app/works/title-facts.ts";

type Stated = Omit<RatingFact, "value0To100"> & { value0To100: number | string };

/**
 * Stores what sources say about a work, and its score anew. The only writers of `rating_sources` stand in this file, so that
 * no score is left behind.
 *
 * @param trx a transaction
 * @param options.keepExisting a source that has spoken already is left as it stands
 */
export async function storeRatings(
  trx: Kysely<Database>,
  workId: string,
  ratings: readonly Stated[],
  options: { keepExisting?: boolean } = {},
): Promise<void> {
  if (ratings.length === 0) return;
  const insert = trx.insertInto("rating_sources").values(
    ratings.map((rating) => ({
      work_id: workId,
      source_name: rating.sourceName,
      scale_type: rating.scaleType,
      value_raw: rating.valueRaw,
      value_0_100: rating.value0To100,
      votes_count: rating.votesCount,
    })),
  );
  await insert
    .onConflict((conflict) => {
      const standing = conflict.columns(["work_id", "source_name"]);
      if (options.keepExisting) return standing.doNothing();
      return standing.doUpdateSet((set) => ({
        scale_type: set.ref("excluded.scale_type"),
        value_raw: set.ref("excluded.value_raw"),
        value_0_100: set.ref("excluded.value_0_100"),
        // Whoever repeats a rating without its votes does not take them away.
        votes_count: sql<number | null>`coalesce(excluded.votes_count, rating_sources.votes_count)`,
        last_seen_at: sql<Date>`clock_timestamp()`,
      }));
    })
    .execute();
  await rescoreWorks(trx, [workId]);
}

/** Gives a work what sources said about another that turned out to be the same. @param trx a transaction */
export async function moveRatings(trx: Kysely<Database>, fromId: string, intoId: string): Promise<void> {
  await sql`
    update rating_sources as moved set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint
      and not exists (
        select from rating_sources as kept where kept.work_id = ${intoId}::bigint
          and kept.source_name = moved.source_name)`.execute(trx);
  await rescoreWorks(trx, [intoId]);
}

/** Takes back what a source said about a work. @param trx a transaction */
export async function removeRating(
  trx: Kysely<Database>,
  workId: string,
  source: RatingFact["sourceName"],
): Promise<void> {
  await trx
    .deleteFrom("rating_sources")
    .where("work_id", "=", workId)
    .where("source_name", "=", source)
    .execute();
  await rescoreWorks(trx, [workId]);
}
