import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type BackfillField, type BackfillFilter, backfillFields } from "#app/discovery/backfill/fields.ts";

/** What "lacks" means for each field, over `works` and its `works_meta` as `meta`. */
const isLacking: Record<BackfillField, RawBuilder<boolean>> = {
  poster: sql`meta.poster_url_medium is null`,
  tmdb_id: sql`works.tmdb_id is null`,
  imdb_id: sql`works.imdb_id is null`,
  language: sql`works.original_language is null`,
  genre: sql`coalesce(cardinality(meta.genres), 0) = 0`,
  overview: sql`meta.overview is null`,
  year: sql`works.year is null`,
  rating: sql`not exists (select from rating_sources where rating_sources.work_id = works.work_id)`,
};

const lacking = (fields: readonly BackfillField[]): RawBuilder<boolean> =>
  sql`(${sql.join(
    fields.map((field) => isLacking[field]),
    sql` or `,
  )})`;

const lackList = (fields: readonly BackfillField[]): RawBuilder<string[]> =>
  sql`array_remove(array[${sql.join(
    fields.map((field) => sql`case when ${isLacking[field]} then ${sql.lit(field)} end`),
  )}]::text[], null)`;

function chosen(filter: BackfillFilter): RawBuilder<unknown> {
  const { mediaType, importJobId } = filter;
  const ofImport = sql`exists (
    select from viewings where viewings.work_id = works.work_id and viewings.import_job_id = ${importJobId ?? null}::uuid)`;
  return sql`from works left join works_meta as meta using (work_id)
    where ${lacking(filter.lacks ?? backfillFields)}
      and ${mediaType ? sql`works.media_type = ${mediaType}` : sql`true`}
      and ${importJobId ? ofImport : sql`true`}`;
}

/**
 * Writes the works of a choice down as the rows of a backfill, newest first.
 *
 * @param fields what is to be filled: a row's `lacks` names those of them that it lacks
 * @returns how many there are
 */
export async function insertWorkRows(
  trx: Kysely<Database>,
  backfillId: string,
  filter: BackfillFilter,
  fields: readonly BackfillField[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into backfill_rows (backfill_id, row_number, work_id, media_type, title, year, tmdb_id, imdb_id, lacks)
    select ${backfillId}::uuid, row_number() over (order by works.work_id desc), works.work_id, works.media_type, works.title,
      works.year, works.tmdb_id, works.imdb_id, ${lackList(fields)}
    ${chosen(filter)} and ${lacking(fields)}
    order by works.work_id desc
    limit ${filter.limit}`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** How many works lack each field, for the screen that offers a backfill. One pass over all works. */
export async function countLacking(
  db: Kysely<Database>,
  mediaType?: "movie" | "tv",
): Promise<{ works: number; lacking: Record<BackfillField, number> }> {
  const counts = backfillFields.map(
    (field) => sql`count(*) filter (where ${isLacking[field]})::int as ${sql.ref(field)}`,
  );
  const { rows } = await sql<Record<BackfillField, number> & { works: number }>`
    select count(*)::int as works, ${sql.join(counts)}
    from works left join works_meta as meta using (work_id)
    where ${mediaType ? sql`works.media_type = ${mediaType}` : sql`true`}`.execute(db);
  const { works = 0, ...rest } = rows[0] ?? {};
  return {
    works,
    lacking: Object.fromEntries(
      backfillFields.map((field) => [field, (rest as Partial<Record<BackfillField, number>>)[field] ?? 0]),
    ) as Record<BackfillField, number>,
  };
}

/** What a backfill would be about, before it starts. */
export interface ChosenWorks {
  /** To the filter's limit. */
  works: number;
  /** Of these, the ones whose TMDB id is to be found first. */
  unidentified: number;
  /** Of these, the ones without a rating. */
  unrated: number;
}

/** How many works a choice has, up to its limit. */
export async function countChosen(
  db: Kysely<Database>,
  filter: BackfillFilter,
  fields: readonly BackfillField[],
): Promise<ChosenWorks> {
  const { rows } = await sql<ChosenWorks>`
    select count(*)::int as works, (count(*) filter (where "isUnidentified"))::int as unidentified,
      (count(*) filter (where "isUnrated"))::int as unrated
    from (
      select ${isLacking.tmdb_id} as "isUnidentified", ${isLacking.rating} as "isUnrated"
      ${chosen(filter)} and ${lacking(fields)} limit ${filter.limit}) as chosen`.execute(db);
  return rows[0] ?? { works: 0, unidentified: 0, unrated: 0 };
}

/** What a work has of these fields now: those that it still lacks are absent. */
export async function readFilled(
  db: Kysely<Database>,
  workId: string,
  fields: readonly BackfillField[],
): Promise<Partial<Record<BackfillField, unknown>>> {
  const { rows } = await sql<Record<BackfillField, unknown>>`
    select meta.poster_url_medium as poster, works.tmdb_id, works.imdb_id, works.original_language as language,
      nullif(array_to_string(meta.genres, ', '), '') as genre, left(meta.overview, 200) as overview, works.year,
      (select string_agg(source_name || ' ' || value_raw, ', ' order by source_name)
        from rating_sources where rating_sources.work_id = works.work_id) as rating
    from works left join works_meta as meta using (work_id) where works.work_id = ${workId}::bigint`.execute(
    db,
  );
  const values = rows[0];
  if (!values) return {};
  return Object.fromEntries(
    fields.flatMap((field) => (values[field] === null ? [] : [[field, values[field]]])),
  );
}

export interface LackingWork {
  workId: string;
  mediaType: "movie" | "tv";
  title: string;
  year: number | null;
  lacks: BackfillField[];
}

/** The works of a choice, newest first, by keyset. */
export async function listLacking(
  db: Kysely<Database>,
  filter: BackfillFilter,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<LackingWork[]> {
  const { rows } = await sql<LackingWork>`
    select works.work_id as "workId", works.media_type as "mediaType", works.title, works.year,
      ${lackList(backfillFields)} as lacks
    ${chosen(filter)} and ${before ? sql`works.work_id < ${before}::bigint` : sql`true`}
    order by works.work_id desc limit ${limit}`.execute(db);
  return rows;
}
