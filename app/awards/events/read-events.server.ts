import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";

export interface OrganizationRow {
  id: string;
  imdbEventId: string;
  name: string;
  abbreviation: string | null;
  ceremonies: number;
  firstYear: number | null;
  lastYear: number | null;
  nominations: number;
}

/** Organisations by name, with how much of them is here. */
export async function listOrganizations(db: Kysely<Database>): Promise<OrganizationRow[]> {
  const { rows } = await sql<OrganizationRow>`
    select organization.id, imdb_event_id as "imdbEventId", organization.name, abbreviation, count(ceremony.id)::int as ceremonies,
      min(year) as "firstYear", max(year) as "lastYear", coalesce(sum(found), 0)::int as nominations
    from festival_organizations as organization left join festival_ceremonies as ceremony on ceremony.organization_id = organization.id
    group by organization.id order by organization.name, organization.id limit 500`.execute(db);
  return rows;
}

export interface CeremonyRow {
  id: string;
  year: number;
  instance: number;
  name: string;
  startDate: string | null;
  declared: number | null;
  /** Nominations that are there now. */
  found: number;
  won: number;
  linked: number;
  linkable: number;
  /** Titles that nobody knows. */
  unlinked: number;
}

export interface OrganizationPage
  extends Omit<OrganizationRow, "firstYear" | "lastYear" | "nominations" | "ceremonies"> {
  ceremonies: CeremonyRow[];
  /** Lists that import this event. */
  lists: { sourceKey: string; name: string; active: boolean }[];
}

const notFound = (what: string): AppError =>
  new AppError(
    "EVENT_NOT_FOUND",
    404,
    `There is no ${what} at this address. The page of events shows all of them.`,
  );

const isId = (id: string): boolean => /^\d{1,18}$/.test(id);

/** @throws AppError EVENT_NOT_FOUND (404) */
export async function findOrganization(db: Kysely<Database>, id: string): Promise<OrganizationPage> {
  const organization = isId(id)
    ? await db
        .selectFrom("festival_organizations")
        .select(["id", "imdb_event_id as imdbEventId", "name", "abbreviation"])
        .where("id", "=", id)
        .executeTakeFirst()
    : undefined;
  if (!organization) throw notFound("event");
  const [ceremonies, lists] = await Promise.all([
    readCeremonies(db, id),
    db
      .selectFrom("movie_lists")
      .select(["source_key as sourceKey", "name", "active"])
      .where("source_id", "=", organization.imdbEventId)
      .orderBy("name")
      .execute(),
  ]);
  return { ...organization, ceremonies, lists };
}

async function readCeremonies(db: Kysely<Database>, organizationId: string): Promise<CeremonyRow[]> {
  const { rows } = await sql<CeremonyRow>`
    select ceremony.id, year, instance, name, start_date as "startDate", declared,
      coalesce(counted.found, 0) as found, coalesce(counted.won, 0) as won, coalesce(counted.linked, 0) as linked,
      coalesce(counted.linkable, 0) as linkable, coalesce(counted.unlinked, 0) as unlinked
    from festival_ceremonies as ceremony
    left join lateral (
      select count(*)::int as found, (count(*) filter (where won))::int as won, count(nomination.work_id)::int as linked,
        count(title.imdb_id)::int as linkable, count(title.unlinked_code)::int as unlinked
      from festival_nominations as nomination
      left join festival_nomination_titles as title on title.nomination_id = nomination.id and title.position = 1
      where nomination.ceremony_id = ceremony.id and nomination.gone_at is null
    ) as counted on true
    where organization_id = ${organizationId}::bigint order by year desc, instance desc`.execute(db);
  return rows;
}

export interface NominationView {
  id: string;
  won: boolean;
  notes: string | null;
  persons: { imdbId: string | null; name: string }[];
  companies: string[];
  songs: string[];
  goneAt: Date | null;
  titles: {
    imdbId: string;
    title: string;
    year: number | null;
    workId: string | null;
    unlinkedCode: string | null;
    unlinkedReason: string | null;
  }[];
}

export interface CategoryView {
  id: string;
  award: string;
  name: string;
  tracksPerson: boolean;
  nominations: NominationView[];
}

export interface CeremonyPage {
  id: string;
  organizationId: string;
  organization: string;
  imdbEventId: string;
  year: number;
  instance: number;
  name: string;
  location: string | null;
  startDate: string | null;
  endDate: string | null;
  declared: number | null;
  shortfalls: { award: string; category: string | null; declared: number; found: number }[];
  sourceUrl: string | null;
  scrapedAt: Date;
  categories: CategoryView[];
}

/**
 * A ceremony with its nominations by category, winners first; what has gone from the page comes last.
 *
 * @throws AppError EVENT_NOT_FOUND (404)
 */
export async function findCeremony(db: Kysely<Database>, id: string): Promise<CeremonyPage> {
  const ceremony = isId(id)
    ? await db
        .selectFrom("festival_ceremonies as ceremony")
        .innerJoin("festival_organizations as organization", "organization.id", "ceremony.organization_id")
        .select(["ceremony.id", "organization_id as organizationId", "organization.name as organization"])
        .select(["imdb_event_id as imdbEventId", "year", "instance", "ceremony.name", "location"])
        .select(["start_date as startDate", "end_date as endDate", "declared", "shortfalls"])
        .select(["source_url as sourceUrl", "scraped_at as scrapedAt"])
        .where("ceremony.id", "=", id)
        .executeTakeFirst()
    : undefined;
  if (!ceremony) throw notFound("ceremony");
  return { ...ceremony, categories: await readCategories(db, id) };
}

type FlatNomination = NominationView & Omit<CategoryView, "nominations" | "id"> & { categoryId: string };

async function readCategories(db: Kysely<Database>, ceremonyId: string): Promise<CategoryView[]> {
  const { rows } = await sql<FlatNomination>`
    select nomination.id, won, notes, persons, companies, songs, gone_at as "goneAt",
      category.id as "categoryId", award_name as award, category.name, tracks_person as "tracksPerson",
      coalesce((select json_agg(json_build_object('imdbId', imdb_id, 'title', title, 'year', year, 'workId', work_id::text,
          'unlinkedCode', unlinked_code, 'unlinkedReason', unlinked_reason) order by position)
        from festival_nomination_titles where nomination_id = nomination.id), '[]') as titles
    from festival_nominations as nomination join festival_categories as category on category.id = nomination.category_id
    where ceremony_id = ${ceremonyId}::bigint
    order by min(position) over (partition by category.id), category.id, gone_at is not null, won desc, position`.execute(
    db,
  );
  const categories = new Map<string, CategoryView>();
  for (const { categoryId, award, name, tracksPerson, ...nomination } of rows) {
    const category = categories.get(categoryId) ?? {
      id: categoryId,
      award,
      name,
      tracksPerson,
      nominations: [],
    };
    category.nominations.push(nomination);
    categories.set(categoryId, category);
  }
  return [...categories.values()];
}
