import { z } from "zod";
import { at, cleanText, listAt, textAt, wholeAt } from "./json-path.ts";
import { PAGE_SIZE, uniqueEntries } from "./list-from-json.ts";
import { titleLink } from "./page-parts.ts";
import type { EventAddress } from "./parse-event-page.ts";
import type { ListAddress } from "./parse-list-page.ts";
import { kindOf, plausibleYear } from "./read-title.ts";
import type {
  ScrapedAward,
  ScrapedEventEdition,
  ScrapedListEntry,
  ScrapedListPage,
  ScrapedNomination,
  ScrapedTitle,
} from "./scraped.ts";

/**
 * What a model is asked to say of a list or event page, and what is made of it. Ids are read from the links that it names: a
 * title without one is left out, so that nothing made up gets in.
 */
const words = (description: string) => z.string().nullable().describe(description);

const title = {
  title: z.string().describe("The title, without a number in front"),
  url: z.string().describe("The link to the title's page, with its id: https://www.imdb.com/title/tt…/"),
  year: z.int().nullable(),
};

/** The JSON Schema that a list's page is asked by. */
export const LIST_SCHEMA = z.toJSONSchema(
  z.object({
    name: words("The list's name"),
    totalTitles: z.int().nullable().describe("How many titles the list says that it has, on all its pages"),
    entries: z
      .array(
        z.object({
          position: z.int().nullable().describe("The number in front of the title"),
          ...title,
          type: words("Such as TV Series, TV Episode or Video Game; null for a film"),
          description: words("What the list's author wrote about this title; never the plot"),
        }),
      )
      .describe("Every title of the page, in its order"),
  }),
);

/** The JSON Schema that an event's page is asked by. */
export const EVENT_SCHEMA = z.toJSONSchema(
  z.object({
    eventName: words("The event's name, without the year"),
    year: z.int().nullable().describe("The year of this edition"),
    awards: z
      .array(
        z.object({
          award: z.string().describe("The award's name, such as Oscar or Palme d'Or"),
          category: words("The category within the award; null when it has none"),
          nominations: z.array(
            z.object({
              isWinner: z.boolean(),
              note: words("What the page notes about this nomination, such as the name of a song"),
              titles: z.array(z.object(title)),
              persons: z.array(
                z.object({
                  name: z.string(),
                  url: words("The link to the person's page: https://www.imdb.com/name/nm…/"),
                }),
              ),
              companies: z.array(z.object({ name: z.string() })),
            }),
          ),
        }),
      )
      .describe("Every award and category of the page, with all its nominations"),
  }),
);

/** What an answer must be at the least; what it holds is read entry by entry. */
export const extractedList = z.looseObject({ entries: z.array(z.unknown()) });
export const extractedEvent = z.looseObject({ awards: z.array(z.unknown()) });

/** Nothing was found where something must stand. */
const NOTHING = { fault: "NOTHING_EXTRACTED" } as const;

function titleOf(found: unknown, type: string | null): ScrapedTitle | null {
  const imdbId = titleLink.exec(textAt(found, "url") ?? "")?.[1];
  const name = cleanText((textAt(found, "title") ?? "").replace(/^\d{1,6}\.\s+/, ""));
  if (imdbId === undefined || name === null) return null;
  const year = plausibleYear(wholeAt(1, found, "year"));
  return { imdbId, title: name, originalTitle: null, year, kind: kindOf(type) };
}

/** A page of a list, or why the answer is none. */
export function listFromExtraction(
  found: unknown,
  { listId, page }: ListAddress,
): ScrapedListPage | { fault: string } {
  const offset = (page - 1) * PAGE_SIZE;
  const entries = listAt(found, "entries").map((entry, index): ScrapedListEntry | null => {
    const read = titleOf(entry, textAt(entry, "type"));
    const position = wholeAt(1, entry, "position") ?? offset + index + 1;
    return read && { ...read, position, description: textAt(entry, "description") };
  });
  const read = uniqueEntries(entries);
  const declaredTotal = wholeAt(0, found, "totalTitles");
  if (read.entries.length === 0 && declaredTotal !== 0) return NOTHING;
  if (page > 1 && read.entries.some((entry) => entry.position === 1)) return { fault: "OTHER_PAGE" };
  return {
    ...{ listId, name: textAt(found, "name"), declaredTotal, page },
    hasNextPage: (declaredTotal ?? 0) > offset + PAGE_SIZE,
    nextCursor: null,
    ...read,
    readFrom: "tabstack",
  };
}

/** An edition of an event, or why the answer is none. */
export function editionFromExtraction(
  found: unknown,
  { eventId, year, instance }: EventAddress,
): ScrapedEventEdition | { fault: string } {
  const stated = plausibleYear(wholeAt(1, found, "year"));
  if (stated !== null && stated !== year) return { fault: "OTHER_PAGE" };
  const awards = new Map<string, ScrapedAward>();
  for (const item of listAt(found, "awards")) {
    const category = textAt(item, "category");
    const name = textAt(item, "award") ?? category;
    const nominations = listAt(item, "nominations").flatMap((nomination) => nominationOf(nomination) ?? []);
    if (name === null || nominations.length === 0) continue;
    const award = awards.get(name) ?? { id: null, name, declaredTotal: null, hasMore: false, categories: [] };
    award.categories.push({
      name: category === name ? null : category,
      ...{ declaredTotal: null, hasMore: false, nominations },
    });
    awards.set(name, award);
  }
  if (awards.size === 0) return NOTHING;
  return {
    ...{ eventId, year, instance, eventName: textAt(found, "eventName") },
    ...{ location: null, startDate: null, endDate: null, otherEditions: [] },
    awards: [...awards.values()],
    readFrom: "tabstack",
  };
}

function nominationOf(found: unknown): ScrapedNomination | null {
  const titles = listAt(found, "titles").flatMap((each) => titleOf(each, null) ?? []);
  const persons = listAt(found, "persons").flatMap((each) => {
    const name = textAt(each, "name");
    const id = /\/name\/(nm\d{5,10})(?!\d)/.exec(textAt(each, "url") ?? "")?.[1] ?? null;
    return name === null ? [] : [{ imdbId: id, name }];
  });
  const companies = listAt(found, "companies").flatMap((each) => {
    const name = textAt(each, "name");
    return name === null ? [] : [{ imdbId: null, name }];
  });
  if (titles.length + persons.length + companies.length === 0) return null;
  return {
    ...{ id: null, isWinner: at(found, "isWinner") === true, notes: textAt(found, "note") },
    // The answer does not say who is honoured: a film's makers are named with it as well.
    awarded: titles.length > 0 ? "titles" : persons.length > 0 ? "persons" : "companies",
    ...{ titles, persons, companies, episodes: [], songs: [] },
  };
}
