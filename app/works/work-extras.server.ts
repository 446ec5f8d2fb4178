import type { Kysely } from "kysely";
import { z } from "zod";
import type { Database } from "#app/db/types.ts";
import type { FieldChange } from "#app/works/diff-facts.ts";
import { findSimilar, type SimilarFilm } from "#app/works/similar-films.server.ts";
import { fieldChanges } from "#app/works/work-changes.server.ts";

/** The long tail of what is known of a work: for its page, not for lists. */
export interface WorkExtras {
  /** By billing. */
  cast: Person[];
  /** Directors and writers first. */
  crew: Job[];
  /** Trailers first. */
  videos: Video[];
  keywords: string[];
  companies: string[];
  /** ISO 3166-1 alpha-2. */
  countries: string[];
  /** US dollars. */
  budget: number | null;
  revenue: number | null;
  /** JustWatch's data by way of TMDB, by country: JustWatch must be named beside it. */
  watch: Record<string, WatchOffers>;
  similar: SimilarFilm[];
  /** What refreshes changed, the last first. */
  changes: WorkChange[];
}

export interface WorkChange {
  id: string;
  at: Date;
  source: string;
  fields: FieldChange[];
}

const words = z.string().nullish().catch(null);
const person = z.object({ name: z.string(), character: words });
const job = z.object({ name: z.string(), job: words, department: words });
const video = z.object({ name: words, type: words, url: z.url({ protocol: /^https$/ }) });
const company = z.object({ name: z.string() });
const offered = z.array(z.object({ provider_name: z.string() })).catch([]);
const offers = z.object({
  link: z
    .url({ protocol: /^https$/ })
    .nullish()
    .catch(null),
  flatrate: offered.optional(),
  free: offered.optional(),
  ads: offered.optional(),
  rent: offered.optional(),
  buy: offered.optional(),
});

type Person = z.output<typeof person>;
type Job = z.output<typeof job>;
type Video = z.output<typeof video>;

export interface WatchOffers {
  /** TMDB's page with the ways to watch in this country. */
  link: string | null;
  kinds: { kind: WatchKind; providers: string[] }[];
}

const WATCH_KINDS = ["flatrate", "free", "ads", "rent", "buy"] as const;
export type WatchKind = (typeof WATCH_KINDS)[number];

const CHANGES_SHOWN = 5;

/** What is stored about a work beyond its facts; empty lists where nothing is. */
export async function findWorkExtras(db: Kysely<Database>, workId: string): Promise<WorkExtras> {
  const [meta, similar, changes] = await Promise.all([
    db
      .selectFrom("works_meta")
      .select(["cast_members", "crew_members", "trailers", "keywords", "production_companies"])
      .select(["production_countries", "budget", "revenue_worldwide", "streaming"])
      .where("work_id", "=", workId)
      .executeTakeFirst(),
    findSimilar(db, workId),
    findChanges(db, workId),
  ]);
  return {
    cast: readAll(person, meta?.cast_members),
    crew: readAll(job, meta?.crew_members),
    videos: readAll(video, meta?.trailers),
    keywords: meta?.keywords ?? [],
    companies: readAll(company, meta?.production_companies).map((one) => one.name),
    countries: meta?.production_countries ?? [],
    budget: meta?.budget ? Number(meta.budget) : null,
    revenue: meta?.revenue_worldwide ? Number(meta.revenue_worldwide) : null,
    watch: watchOf(meta?.streaming ?? {}),
    similar,
    changes,
  };
}

/** JSON columns as they come: other people's SQL writes them too. What is no such thing is left out. */
function readAll<T>(schema: z.ZodType<T>, values: readonly unknown[] = []): T[] {
  return values.flatMap((value) => {
    const read = schema.safeParse(value);
    return read.success ? [read.data] : [];
  });
}

function watchOf(streaming: Record<string, unknown>): Record<string, WatchOffers> {
  const countries = Object.entries(streaming).flatMap(([country, value]): [string, WatchOffers][] => {
    const read = offers.safeParse(value);
    if (!read.success || !/^[A-Z]{2}$/.test(country)) return [];
    const kinds = WATCH_KINDS.flatMap((kind) => {
      const providers = (read.data[kind] ?? []).map((one) => one.provider_name);
      return providers.length > 0 ? [{ kind, providers }] : [];
    });
    return kinds.length > 0 ? [[country, { link: read.data.link ?? null, kinds }]] : [];
  });
  return Object.fromEntries(countries.sort(([a], [b]) => a.localeCompare(b)));
}

async function findChanges(db: Kysely<Database>, workId: string): Promise<WorkChange[]> {
  const rows = await db
    .selectFrom("work_changes")
    .select(["id", "at", "source", "changes"])
    .where("work_id", "=", workId)
    .orderBy("id", "desc")
    .limit(CHANGES_SHOWN)
    .execute();
  return rows.map(({ changes, ...row }) => ({
    ...row,
    fields: fieldChanges(changes),
  }));
}
