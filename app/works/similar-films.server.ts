import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { SimilarFact } from "#app/works/title-facts.ts";

/** Makes these the work's similar films as TMDB has them now, ranked as they come; others of that source go. */
export async function storeSimilar(
  trx: Kysely<Database>,
  workId: string,
  similar: SimilarFact[],
): Promise<void> {
  await sql`
    with listed as (
      insert into similar_movies (work_id, similar_tmdb_id, source, rank_order, confidence, title, year)
      select ${workId}::bigint, "tmdbId", 'tmdb', rank, confidence, title, year
      from rows from (json_to_recordset(${JSON.stringify(similar)}::json) as (
        "tmdbId" int, title text, year int, confidence numeric)) with ordinality as film ("tmdbId", title, year, confidence, rank)
      on conflict (work_id, similar_tmdb_id, source) do update set rank_order = excluded.rank_order,
        confidence = excluded.confidence, title = excluded.title, year = excluded.year
      returning similar_tmdb_id
    )
    delete from similar_movies where work_id = ${workId}::bigint and source = 'tmdb'
      and similar_tmdb_id not in (select similar_tmdb_id from listed)`.execute(trx);
}

/** A film that is like another; `workId` where the catalogue has it. */
export interface SimilarFilm {
  tmdbId: number;
  title: string;
  year: number | null;
  confidence: number | null;
  workId: string | null;
}

/** The similar films of a work, most similar first. */
export async function findSimilar(db: Kysely<Database>, workId: string): Promise<SimilarFilm[]> {
  const rows = await db
    .selectFrom("similar_movies as similar")
    .leftJoin("works", (join) =>
      join.onRef("works.tmdb_id", "=", "similar.similar_tmdb_id").on("works.media_type", "=", "movie"),
    )
    .select([
      "similar_tmdb_id as tmdbId",
      "similar.title",
      "similar.year",
      "confidence",
      "works.work_id as workId",
    ])
    .where("similar.work_id", "=", workId)
    .orderBy("rank_order")
    .orderBy("similar_tmdb_id")
    .limit(20)
    .execute();
  return rows.map((row) => ({ ...row, confidence: row.confidence === null ? null : Number(row.confidence) }));
}
