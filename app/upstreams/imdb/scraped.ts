import { z } from "zod";

/**
 * What IMDb's list and event pages say, whatever way the page came: the page itself, Tabstack, a saved page, a CSV export.
 * The schemas accept their own output: the cache keeps what was read and reads it again.
 */

/** Where the facts were read from. `html`, `linked_data` and `tabstack` may be less than the whole page holds. */
export const READ_FROM = ["next_data", "linked_data", "html", "tabstack", "csv"] as const;
export type ReadFrom = (typeof READ_FROM)[number];

/** `movie` is any film (shorts, TV films and videos too), `tv` a series or mini-series, `other` a game, music video or podcast. */
export const SCRAPED_KINDS = ["movie", "tv", "episode", "other"] as const;
export type ScrapedKind = (typeof SCRAPED_KINDS)[number];

const titleId = z.string().regex(/^tt\d{5,10}$/);
const nameId = z.string().regex(/^nm\d{5,10}$/);
const companyId = z.string().regex(/^co\d{5,10}$/);
const year = z.int().min(1870).max(2100);
const day = z.iso.date();
const words = z.string().min(1);

const title = z.object({
  /** `tt…` */
  imdbId: titleId,
  title: words,
  /** null when it is not given or the same as `title`. */
  originalTitle: words.nullable(),
  year: year.nullable(),
  /** null: the page does not say, or a TV special, which TMDB has now as a film, now as a series. */
  kind: z.enum(SCRAPED_KINDS).nullable(),
});
export type ScrapedTitle = z.infer<typeof title>;

const listEntry = title.extend({
  /** From 1, in the whole list: with what is not a title counted, so gaps are real (L-06). */
  position: z.int().min(1),
  /** The list keeper's words about this entry, as plain text. Award text is taken from them. */
  description: words.nullable(),
});
export type ScrapedListEntry = z.infer<typeof listEntry>;

export const scrapedListPage = z.object({
  /** `ls…` */
  listId: z.string().regex(/^ls\d{5,12}$/),
  name: words.nullable(),
  /** How many entries the list says that it has; null when it does not say. */
  declaredTotal: z.int().min(0).nullable(),
  /** From 1. An export is the whole list as page 1. */
  page: z.int().min(1),
  /** Whether the list goes on after this page. */
  hasNextPage: z.boolean(),
  /** IMDb's own mark of where this page ends; null on the last page and where none is given. */
  nextCursor: words.nullable(),
  /** In the order of the page; each title once. */
  entries: z.array(listEntry),
  /** Entries of this page that are no titles (people, pictures) or have no readable id. */
  notTitles: z.int().min(0),
  readFrom: z.enum(READ_FROM),
});
export type ScrapedListPage = z.infer<typeof scrapedListPage>;

const person = z.object({ /** `nm…` */ imdbId: nameId.nullable(), name: words });
export type ScrapedPerson = z.infer<typeof person>;

const company = z.object({ /** `co…` */ imdbId: companyId.nullable(), name: words });
export type ScrapedCompany = z.infer<typeof company>;

const nomination = z.object({
  /** IMDb's id of the nomination (`an…`), where the page has it: two nominations of one film in one category stay two. */
  id: words.nullable(),
  isWinner: z.boolean(),
  notes: words.nullable(),
  /** Who is honoured: the film itself, a person for it, a company. */
  awarded: z.enum(["titles", "persons", "companies"]),
  /** The films, wherever the page has them (awardTitles or secondaryAwardTitles). Empty for honorary awards. */
  titles: z.array(title),
  persons: z.array(person),
  companies: z.array(company),
  /** Episodes that a series was nominated for. */
  episodes: z.array(title),
  songs: z.array(words),
});
export type ScrapedNomination = z.infer<typeof nomination>;

const category = z.object({
  /** null: the award has no categories. */
  name: words.nullable(),
  declaredTotal: z.int().min(0).nullable(),
  /** The page says that there are more nominations than it holds. */
  hasMore: z.boolean(),
  nominations: z.array(nomination),
});
export type ScrapedCategory = z.infer<typeof category>;

const award = z.object({
  /** `aw…` */
  id: words.nullable(),
  name: words,
  /** How many categories the award says that it has. */
  declaredTotal: z.int().min(0).nullable(),
  hasMore: z.boolean(),
  categories: z.array(category),
});
export type ScrapedAward = z.infer<typeof award>;

export const scrapedEventEdition = z.object({
  /** `ev…` */
  eventId: z.string().regex(/^ev\d{5,10}$/),
  eventName: words.nullable(),
  year,
  /** From 1: some events were held twice in a year. */
  instance: z.int().min(1),
  location: words.nullable(),
  /** YYYY-MM-DD; null when the day is not known. */
  startDate: day.nullable(),
  endDate: day.nullable(),
  /** Every edition that the event's history names, this one left out, newest first. */
  otherEditions: z.array(z.object({ year, instance: z.int().min(1) })),
  awards: z.array(award),
  readFrom: z.enum(READ_FROM),
});
export type ScrapedEventEdition = z.infer<typeof scrapedEventEdition>;
