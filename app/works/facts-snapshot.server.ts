import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { FactsSnapshot } from "#app/works/diff-facts.ts";

/** What stands about a work now, in the form that two states are compared in; null while only its title is known. */
export async function readSnapshot(db: Kysely<Database>, workId: string): Promise<FactsSnapshot | null> {
  const row = await db
    .selectFrom("works")
    .innerJoin("works_meta as meta", "meta.work_id", "works.work_id")
    .leftJoin("rating_sources as rating", (join) =>
      join.onRef("rating.work_id", "=", "works.work_id").on("rating.source_name", "=", "TMDB"),
    )
    .select(["title", "original_title", "original_language", "release_date", "imdb_id", "runtime_minutes"])
    .select(["total_seasons", "total_episodes"])
    .select(["tagline", "overview", "certification", "poster_url_original", "backdrop_url", "budget"])
    .select(["revenue_worldwide", "genres", "cast_members", "crew_members", "trailers", "keywords"])
    .select(["production_companies", "production_countries", "streaming", "rating.value_0_100 as rating"])
    .where("works.work_id", "=", workId)
    .executeTakeFirst();
  if (!row) return null;
  const { poster_url_original, backdrop_url, cast_members, crew_members, ...rest } = row;
  return {
    ...rest,
    poster: fileName(poster_url_original),
    backdrop: fileName(backdrop_url),
    budget: row.budget === null ? null : Number(row.budget),
    revenue_worldwide: row.revenue_worldwide === null ? null : Number(row.revenue_worldwide),
    rating: row.rating === null ? null : Math.round(Number(row.rating)) / 10,
    cast: words(cast_members, (one) => [one.name, one.character && `as ${String(one.character)}`], " "),
    crew: words(crew_members, (one) => [one.name, one.job], ", "),
    trailers: words(row.trailers, (one) => [one.type, one.name], ": "),
    production_companies: words(row.production_companies, (one) => [one.name], ""),
    streaming: providersOf(row.streaming),
  };
}

/** Pictures move from TMDB's host to ours; the file stays the same. */
function fileName(url: string | null): string | null {
  return url?.split("/").at(-1) ?? null;
}

type Entry = Record<string, unknown>;
const isEntry = (value: unknown): value is Entry => typeof value === "object" && value !== null;

function words(list: unknown, parts: (entry: Entry) => unknown[], separator: string): string[] {
  return (Array.isArray(list) ? list : [])
    .filter(isEntry)
    .map((entry) => parts(entry).filter(Boolean).join(separator));
}

const KINDS = ["flatrate", "free", "ads", "rent", "buy"];

function providersOf(streaming: Record<string, unknown>): string[] {
  return Object.entries(streaming).flatMap(([country, offers]) =>
    KINDS.flatMap((kind) =>
      words(isEntry(offers) ? offers[kind] : [], (one) => [country, kind, one.provider_name], " "),
    ),
  );
}
