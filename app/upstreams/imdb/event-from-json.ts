import { at, listAt, textAt, wholeAt } from "./json-path.ts";
import {
  listsAt,
  markdownText,
  plausibleYear,
  readCompanies,
  readPersons,
  readTitles,
} from "./read-title.ts";
import type { ScrapedAward, ScrapedCategory, ScrapedEventEdition, ScrapedNomination } from "./scraped.ts";

/** An edition as the page's data has it; which event and which year it may be is the page's to check. */
export type FoundEdition = Omit<ScrapedEventEdition, "eventId" | "year" | "instance" | "readFrom"> & {
  eventId: string | null;
  year: number | null;
  instance: number | null;
};

/** The edition in `__NEXT_DATA__`; null when there is none. */
export function editionFromNextData(nextData: unknown): FoundEdition | null {
  const props = at(nextData, "props", "pageProps");
  const edition = at(props, "edition");
  if (!Array.isArray(at(edition, "awards"))) return null;
  const info = at(props, "editionInfo");
  const year = plausibleYear(at(info, "year") ?? at(edition, "year"));
  const instance = wholeAt(1, info, "instanceWithinYear") ?? wholeAt(1, edition, "instanceWithinYear");
  const eventId = textAt(info, "event", "id") ?? textAt(edition, "event", "id") ?? textAt(props, "eventId");
  return {
    eventId: eventId !== null && /^ev\d{5,10}$/.test(eventId) ? eventId : null,
    eventName: textAt(props, "eventName") ?? textAt(info, "event", "name", "text"),
    year,
    instance,
    location: textAt(info, "event", "location", "text"),
    startDate: dayAt(info, "startDate"),
    endDate: dayAt(info, "endDate"),
    otherEditions: otherEditions(listAt(props, "historyEventEditions"), year, instance ?? 1),
    awards: listAt(edition, "awards").flatMap((award) => readAward(award) ?? []),
  };
}

/** `dateRange.startDate.dateComponents{day, month, year}`: a day only when all three are there and exist. */
function dayAt(info: unknown, end: "startDate" | "endDate"): string | null {
  const parts = at(info, "dateRange", end, "dateComponents");
  const year = plausibleYear(at(parts, "year"));
  const month = wholeAt(1, parts, "month");
  const date = wholeAt(1, parts, "day");
  if (year === null || month === null || date === null || month > 12 || date > 31) return null;
  const day = `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? day : null;
}

function otherEditions(
  history: readonly unknown[],
  year: number | null,
  instance: number,
): { year: number; instance: number }[] {
  const editions = new Map<string, { year: number; instance: number }>();
  for (const item of history) {
    const edition = {
      year: plausibleYear(at(item, "year")),
      instance: wholeAt(1, item, "instanceWithinYear") ?? 1,
    };
    if (edition.year === null || (edition.year === year && edition.instance === instance)) continue;
    editions.set(`${edition.year}/${edition.instance}`, { year: edition.year, instance: edition.instance });
  }
  return [...editions.values()].sort((one, two) => two.year - one.year || two.instance - one.instance);
}

function readAward(award: unknown): ScrapedAward | null {
  const name = textAt(award, "text") ?? textAt(award, "name");
  if (name === null) return null;
  const connection = at(award, "nominationCategories");
  const categories = listAt(connection, "edges").flatMap((edge) => readCategory(at(edge, "node")) ?? []);
  return {
    id: textAt(award, "id"),
    name,
    ...howMany(connection, categories.length),
    categories,
  };
}

function readCategory(node: unknown): ScrapedCategory | null {
  const connection = at(node, "nominations");
  if (connection === undefined) return null;
  const nominations = listAt(connection, "edges").flatMap((edge) => readNomination(edge) ?? []);
  return {
    name: textAt(node, "category", "text"),
    ...howMany(connection, nominations.length),
    nominations,
  };
}

/** What a paged connection says of itself, against what this page has of it. */
function howMany(connection: unknown, found: number): { declaredTotal: number | null; hasMore: boolean } {
  const declaredTotal = wholeAt(0, connection, "total");
  const hasMore = at(connection, "pageInfo", "hasNextPage") === true || (declaredTotal ?? 0) > found;
  return { declaredTotal, hasMore };
}

const TITLES = ["awardTitles", "titles", "secondaryAwardTitles", "secondaryTitles"];
const NAMES = ["awardNames", "names", "secondaryAwardNames", "secondaryNames"];
const COMPANIES = ["awardCompanies", "companies", "secondaryAwardCompanies", "secondaryCompanies"];

/**
 * One nomination. Where the film stands depends on who is honoured: for films in `awardTitles`, for people in
 * `secondaryAwardTitles`. One that names nobody and nothing is left out.
 */
function readNomination(edge: unknown): ScrapedNomination | null {
  const node = at(edge, "node");
  const entities = at(node, "awardedEntities");
  const titles = readTitles(listsAt(entities, TITLES));
  const persons = readPersons(listsAt(entities, NAMES));
  const companies = readCompanies(listsAt(entities, COMPANIES));
  if (titles.length + persons.length + companies.length === 0) return null;
  return {
    id: textAt(node, "id"),
    isWinner: at(node, "isWinner") === true,
    notes: markdownText(at(node, "notes")),
    awarded: awardedOf(entities),
    titles,
    persons,
    companies,
    episodes: readTitles(listsAt(node, ["forEpisodes"])),
    songs: [...listsAt(node, ["forSongTitles", "songNames"]), ...listsAt(edge, ["songNames"])].flatMap(
      (song) => markdownText(song) ?? textAt(song, "text") ?? [],
    ),
  };
}

function awardedOf(entities: unknown): ScrapedNomination["awarded"] {
  const type = textAt(entities, "__typename");
  if (type === "AwardedNames") return "persons";
  if (type === "AwardedCompanies") return "companies";
  if (type === "AwardedTitles") return "titles";
  if (listsAt(entities, ["awardTitles", "titles"]).length > 0) return "titles";
  if (listsAt(entities, ["awardNames", "names"]).length > 0) return "persons";
  return listsAt(entities, ["awardCompanies", "companies"]).length > 0 ? "companies" : "titles";
}
