import { type Insertable, type Kysely, sql } from "kysely";
import type { WorksMetaTable } from "#app/db/tables/catalogue.ts";
import type { Database } from "#app/db/types.ts";
import { SCHEMA_VERSION } from "#app/works/schema-version.ts";
import { type MetaFacts, runtimeDisplay, shortOverview } from "#app/works/title-facts.ts";

/** Writes what the facts say; columns that they are silent about stay as they are. */
export async function storeMeta(trx: Kysely<Database>, workId: string, meta: MetaFacts): Promise<void> {
  const values = {
    ...told(columnsOf(meta)),
    // Half an answer leaves the work behind the version, and so due: what it lacked is asked for again.
    schema_version: meta.isWhole ? SCHEMA_VERSION : SCHEMA_VERSION - 1,
    fetched_at: sql<Date>`clock_timestamp()`,
    updated_at: sql<Date>`clock_timestamp()`,
  };
  await trx
    .insertInto("works_meta")
    .values({ work_id: workId, ...values })
    .onConflict((conflict) => conflict.column("work_id").doUpdateSet(values))
    .execute();
}

type Columns = Omit<Insertable<WorksMetaTable>, "work_id">;

function columnsOf(meta: MetaFacts): Columns {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  const { runtimeMinutes: runtime, overview, posterUrls: poster, backdropUrls: backdrop } = meta;
  return {
    runtime_minutes: runtime,
    runtime_display: runtime === undefined ? undefined : runtimeDisplay(runtime),
    tagline: meta.tagline,
    overview,
    overview_short: overview === undefined ? undefined : shortOverview(overview),
    genres: meta.genres,
    certification: meta.certification,
    poster_url_small: poster === null ? null : poster?.small,
    poster_url_medium: poster === null ? null : poster?.medium,
    poster_url_large: poster === null ? null : poster?.large,
    poster_url_original: poster === null ? null : poster?.original,
    backdrop_url: backdrop === null ? null : backdrop?.full,
    backdrop_url_mobile: backdrop === null ? null : backdrop?.mobile,
    cast_members: json(meta.cast),
    crew_members: json(meta.crew),
    trailers: json(meta.trailers),
    still_images: json(meta.stillImages),
    streaming: json(meta.streaming),
    keywords: meta.keywords,
    production_companies: json(meta.productionCompanies),
    production_countries: meta.productionCountries,
    budget: meta.budget,
    revenue_worldwide: meta.revenueWorldwide,
  };
}

/** Without the columns that nothing is said about: as `undefined` they would still be named in the statement's types. */
function told(columns: Columns): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
