import { type Kysely, sql } from "kysely";
import { organizationOf } from "#app/awards/events/organization.ts";
import {
  matchNominations,
  nominationKeys,
  type StoredNomination,
} from "#app/awards/imports/nomination-key.ts";
import type { StoredPage } from "#app/awards/imports/store-list-page.server.ts";
import { linkKnownTitles } from "#app/awards/titles/link-titles.server.ts";
import { notAWork } from "#app/awards/titles/not-a-work.ts";
import type { Database } from "#app/db/types.ts";
import type { ScrapedEventEdition, ScrapedNomination } from "#app/upstreams/imdb/scraped.ts";

type Trx = Kysely<Database>;

interface EventList {
  name: string;
  sourceId: string;
  metadata: Record<string, unknown>;
}

/** One nomination with where it stands. */
interface Placed extends ScrapedNomination {
  award: string;
  category: string;
  key: string;
  position: number;
}

/**
 * Stores one edition of an event: its organisation (from the list's metadata, L-05), ceremony, categories and nominations. On
 * one transaction: an edition is there whole or not at all. Stored again it changes nothing; a nomination that is not on the
 * page any more is marked, not deleted.
 */
export async function storeEdition(
  trx: Trx,
  list: EventList,
  edition: ScrapedEventEdition,
): Promise<StoredPage> {
  const organization = await storeOrganization(trx, list, edition);
  const ceremonyId = await storeCeremony(trx, organization, edition);
  const placed = placeNominations(edition);
  const categories = await storeCategories(trx, organization.id, placed);
  const { rows: stored } = await sql<StoredNomination>`
    select id, category_id as "categoryId", nomination_key as key, imdb_id as "imdbId" from festival_nominations
    where ceremony_id = ${ceremonyId}::bigint order by id`.execute(trx);
  const given = placed.map((one) => ({
    categoryId: categories.get(categoryKey(one)) ?? "",
    key: one.key,
    imdbId: one.id,
  }));
  const ids = matchNominations(given, stored);
  await freeKeys(trx, given, ids, stored);
  const rows = placed.map((one, index) => ({
    ...one,
    id: ids[index] ?? null,
    imdbId: one.id,
    categoryId: given[index]?.categoryId,
  }));
  const added = await insertNew(trx, ceremonyId, rows);
  await updateKnown(trx, rows);
  await storeTitles(trx, ceremonyId, rows);
  if (isWhole(edition)) await markGone(trx, ceremonyId, rows);
  const imdbIds = placed.flatMap((one) => one.titles.map((title) => title.imdbId));
  await linkKnownTitles(trx, imdbIds);
  await linkFirstTitles(trx, ceremonyId);
  return { found: placed.length, added, imdbIds };
}

async function storeOrganization(trx: Trx, list: EventList, edition: ScrapedEventEdition) {
  const { name, abbreviation, metadata } = organizationOf(list, edition.eventName);
  const { rows } = await sql<{ id: string; name: string }>`
    insert into festival_organizations as organization (imdb_event_id, name, abbreviation, metadata)
    values (${edition.eventId}, ${name}, ${abbreviation}, ${JSON.stringify(metadata)}::jsonb)
    on conflict (imdb_event_id) do update set abbreviation = coalesce(organization.abbreviation, excluded.abbreviation),
      updated_at = clock_timestamp()
    returning id, name`.execute(trx);
  const [organization] = rows;
  if (!organization) throw new Error("an organisation was neither found nor created");
  return organization;
}

/** The ceremony stays locked until the transaction ends: two imports of one edition wait for each other. */
async function storeCeremony(
  trx: Trx,
  organization: { id: string; name: string },
  edition: ScrapedEventEdition,
): Promise<string> {
  const all = edition.awards.flatMap((award) =>
    award.categories.map((category) => ({ award: award.name, ...category })),
  );
  const found = all.reduce((sum, one) => sum + one.nominations.length, 0);
  const titled = all.reduce(
    (sum, one) => sum + one.nominations.filter((each) => each.titles.length > 0).length,
    0,
  );
  const declared = all.every((one) => one.declaredTotal !== null)
    ? all.reduce((sum, one) => sum + Math.max(one.declaredTotal ?? 0, one.nominations.length), 0)
    : null;
  const shortfalls = all
    .filter((one) => one.declaredTotal !== null && one.declaredTotal > one.nominations.length)
    .map((one) => ({
      award: one.award,
      category: one.name,
      declared: one.declaredTotal ?? 0,
      found: one.nominations.length,
    }));
  const { year, instance } = edition;
  const name = `${organization.name} ${year}${instance > 1 ? ` (${instance})` : ""}`;
  const url = `https://www.imdb.com/event/${edition.eventId}/${year}/${instance}/`;
  const { rows } = await sql<{ id: string }>`
    insert into festival_ceremonies as ceremony (organization_id, year, instance, name, location, start_date, end_date, declared, found,
      titled, shortfalls, source_url)
    values (${organization.id}::bigint, ${year}, ${instance}, ${name}, ${edition.location}, ${edition.startDate}::date,
      ${edition.endDate}::date, ${declared}, ${found}, ${titled}, ${JSON.stringify(shortfalls)}::jsonb, ${url})
    on conflict (organization_id, year, instance) do update set
      location = coalesce(excluded.location, ceremony.location), start_date = coalesce(excluded.start_date, ceremony.start_date),
      end_date = coalesce(excluded.end_date, ceremony.end_date), declared = excluded.declared, found = excluded.found,
      titled = excluded.titled, shortfalls = excluded.shortfalls, scraped_at = clock_timestamp(), updated_at = clock_timestamp()
    returning id`.execute(trx);
  return rows[0]?.id ?? "";
}

/** Nominations in the order of the page, each with its natural key within its category. */
function placeNominations(edition: ScrapedEventEdition): Placed[] {
  const groups = new Map<string, { award: string; category: string; nominations: ScrapedNomination[] }>();
  for (const award of edition.awards)
    for (const { name, nominations } of award.categories) {
      const category = name ?? award.name;
      const key = categoryKey({ award: award.name, category });
      // A category may come in several pieces; its nominations are numbered together.
      const group = groups.get(key) ?? { award: award.name, category, nominations: [] };
      group.nominations.push(...nominations);
      groups.set(key, group);
    }
  const placed: Placed[] = [];
  for (const { award, category, nominations } of groups.values()) {
    const keys = nominationKeys(nominations);
    for (const [index, nomination] of nominations.entries())
      placed.push({
        ...nomination,
        award,
        category,
        key: keys[index] ?? "",
        position: placed.length + 1,
      });
  }
  return placed;
}

const categoryKey = ({ award, category }: { award: string; category: string }) => `${award}\n${category}`;

async function storeCategories(
  trx: Trx,
  organizationId: string,
  placed: readonly Placed[],
): Promise<Map<string, string>> {
  const wanted = new Map<string, { award: string; category: string; persons: boolean }>();
  for (const { award, category, awarded } of placed) {
    const key = categoryKey({ award, category });
    wanted.set(key, {
      award,
      category,
      persons: awarded === "persons" || (wanted.get(key)?.persons ?? false),
    });
  }
  const { rows } = await sql<{ id: string; award: string; category: string }>`
    insert into festival_categories as known (organization_id, award_name, name, tracks_person)
    select ${organizationId}::bigint, award, category, persons
    from json_to_recordset(${JSON.stringify([...wanted.values()])}::json) as wanted (award text, category text, persons boolean)
    order by award, category
    on conflict (organization_id, award_name, name) do update set tracks_person = known.tracks_person or excluded.tracks_person
    returning id, award_name as award, name as category`.execute(trx);
  return new Map(rows.map((row) => [categoryKey(row), row.id]));
}

/** A stored nomination may hold the key that another one gets: it steps aside first. */
async function freeKeys(
  trx: Trx,
  given: readonly { categoryId: string; key: string }[],
  ids: readonly (string | null)[],
  stored: readonly StoredNomination[],
): Promise<void> {
  const taken = new Map(given.map((one, index) => [`${one.categoryId} ${one.key}`, ids[index] ?? null]));
  const inTheWay = stored.filter((one) => {
    const owner = taken.get(`${one.categoryId} ${one.key}`);
    return owner !== undefined && owner !== one.id;
  });
  if (inTheWay.length === 0) return;
  await sql`
    update festival_nominations set nomination_key = 'was ' || id || ' ' || nomination_key
    where id = any(${sql.val(inTheWay.map((one) => one.id))}::bigint[])`.execute(trx);
}

type Row = Placed & { id: string | null; imdbId: string | null; categoryId: string | undefined };

const nominationRows = (rows: readonly Row[]) => sql`
  json_to_recordset(${JSON.stringify(
    rows.map((row) => ({
      ...row,
      person: row.persons[0] ?? null,
      companies: row.companies.map((company) => company.name),
    })),
  )}::json) as given (id bigint, "categoryId" bigint, key text, "imdbId" text, position int, "isWinner" boolean, notes text,
    person json, persons jsonb, companies json, songs json, episodes jsonb)`;

async function insertNew(trx: Trx, ceremonyId: string, rows: readonly Row[]): Promise<number> {
  const fresh = rows.filter((row) => row.id === null);
  const { rows: inserted } = await sql<{ id: string; categoryId: string; key: string }>`
    insert into festival_nominations (ceremony_id, category_id, nomination_key, imdb_id, position, won, notes, person_imdb_id,
      person_name, persons, companies, songs, episodes)
    select ${ceremonyId}::bigint, "categoryId", key, "imdbId", position, "isWinner", notes, person->>'imdbId', person->>'name',
      persons, array(select json_array_elements_text(companies)), array(select json_array_elements_text(songs)), episodes
    from ${nominationRows(fresh)}
    returning id, category_id as "categoryId", nomination_key as key`.execute(trx);
  const ids = new Map(inserted.map((row) => [`${row.categoryId} ${row.key}`, row.id]));
  for (const row of fresh) row.id = ids.get(`${row.categoryId} ${row.key}`) ?? null;
  return inserted.length;
}

async function updateKnown(trx: Trx, rows: readonly Row[]): Promise<void> {
  await sql`
    update festival_nominations as nomination set nomination_key = given.key, imdb_id = coalesce(given."imdbId", nomination.imdb_id),
      position = given.position, won = given."isWinner", notes = given.notes, person_imdb_id = person->>'imdbId',
      person_name = person->>'name', persons = given.persons, companies = array(select json_array_elements_text(given.companies)),
      songs = array(select json_array_elements_text(given.songs)), episodes = given.episodes,
      last_seen_at = clock_timestamp(), gone_at = null
    from ${nominationRows(rows)} where nomination.id = given.id`.execute(trx);
}

/** The titles of these nominations. One that stands where another stood before loses that one's link. */
async function storeTitles(trx: Trx, ceremonyId: string, rows: readonly Row[]): Promise<void> {
  const titles = rows.flatMap((row) =>
    row.titles.map((title, index) => ({
      ...title,
      nominationId: row.id,
      position: index + 1,
      why: notAWork(title.kind),
    })),
  );
  await sql`
    delete from festival_nomination_titles as title using festival_nominations as nomination
    where nomination.id = title.nomination_id and nomination.ceremony_id = ${ceremonyId}::bigint
      and nomination.id = any(${sql.val(rows.map((row) => row.id))}::bigint[])
      and not exists (
        select from json_to_recordset(${JSON.stringify(titles)}::json) as given ("nominationId" bigint, position int, "imdbId" text)
        where given."nominationId" = title.nomination_id and given.position = title.position and given."imdbId" = title.imdb_id)`.execute(
    trx,
  );
  await sql`
    insert into festival_nomination_titles as known (nomination_id, position, imdb_id, title, year, kind, unlinked_code, unlinked_reason)
    select "nominationId", position, "imdbId", left(title, 500), year, kind, why->>'code', why->>'message'
    from json_to_recordset(${JSON.stringify(titles)}::json) as given ("nominationId" bigint, position int, "imdbId" text,
      title text, year int, kind text, why json)
    on conflict (nomination_id, position) do update set title = excluded.title, year = coalesce(excluded.year, known.year),
      kind = coalesce(excluded.kind, known.kind)`.execute(trx);
}

/** Whether the page holds all that there is: only then is something missing that is not on it. */
const isWhole = ({ awards, readFrom }: ScrapedEventEdition): boolean =>
  readFrom === "next_data" &&
  awards.every(
    (award) =>
      !award.hasMore &&
      award.categories.every(
        ({ hasMore, declaredTotal, nominations }) => !hasMore && (declaredTotal ?? 0) <= nominations.length,
      ),
  );

async function markGone(trx: Trx, ceremonyId: string, rows: readonly Row[]): Promise<void> {
  await sql`
    update festival_nominations set gone_at = clock_timestamp()
    where ceremony_id = ${ceremonyId}::bigint and gone_at is null
      and not (id = any(${sql.val(rows.map((row) => row.id))}::bigint[]))`.execute(trx);
}

/** A nomination's work is that of its first title, whatever was there before. */
async function linkFirstTitles(trx: Trx, ceremonyId: string): Promise<void> {
  await sql`
    update festival_nominations as nomination set work_id = title.work_id
    from festival_nominations as one
    left join festival_nomination_titles as title on title.nomination_id = one.id and title.position = 1
    where one.ceremony_id = ${ceremonyId}::bigint and nomination.id = one.id
      and nomination.work_id is distinct from title.work_id`.execute(trx);
}
