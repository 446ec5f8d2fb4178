import type { FoundEdition } from "./event-from-json.ts";
import { readHtml } from "./html-events.ts";
import { cleanText } from "./json-path.ts";
import { titleLink } from "./page-parts.ts";
import type { ScrapedAward, ScrapedCategory, ScrapedNomination } from "./scraped.ts";

/**
 * An edition read from the page's award sections, when it carries no data: an award is a heading of the second or third level,
 * a category a deeper one, a nomination a list item with the word "Winner" or "Nominee" and links to titles, people and
 * companies. Folded parts of a page are not in its HTML, so this is the last resort.
 */
const nameLink = /\/name\/(nm\d{5,10})(?!\d)/;
const companyLink = /\/company\/(co\d{5,10})(?!\d)/;
const mark = /^(winner|nominee)s?$/i;

type Link = { kind: "title" | "person" | "company"; imdbId: string; name: string };
interface Item {
  mark: "winner" | "nominee" | null;
  links: Link[];
}

export function editionFromHtml(html: string): FoundEdition | null {
  const builder = new EditionBuilder();
  readHtml(html, builder);
  const awards = builder.awards.flatMap((award) => {
    const categories = award.categories.filter((category) => category.nominations.length > 0);
    return categories.length > 0 ? [{ ...award, categories }] : [];
  });
  if (awards.length === 0) return null;
  return {
    eventId: null,
    eventName: builder.eventName,
    year: null,
    instance: null,
    location: null,
    startDate: null,
    endDate: null,
    otherEditions: [],
    awards,
  };
}

class EditionBuilder {
  readonly awards: ScrapedAward[] = [];
  eventName: string | null = null;
  #heading: { level: number; text: string } | null = null;
  #awardLevel = 0;
  #item: Item | null = null;
  #link: Link | null = null;

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (/^h[1-6]$/.test(name)) this.#heading = { level: Number(name[1]), text: "" };
    else if (name === "li" && this.#hasFinishedItem()) this.#item = { mark: null, links: [] };
    else if (name === "a") this.#link = linkOf(attributes.get("href") ?? "");
  }

  text(text: string): void {
    if (this.#heading) this.#heading.text += text;
    if (this.#link) this.#link.name += text;
    const word = mark.exec(text.trim())?.[1]?.toLowerCase();
    if (this.#item && word !== undefined) this.#item.mark = word === "winner" ? "winner" : "nominee";
  }

  close(name: string): void {
    if (this.#heading && name === `h${this.#heading.level}`) this.#endHeading(this.#heading);
    else if (name === "a" && this.#link) {
      const text = cleanText(this.#link.name);
      if (text !== null) this.#item?.links.push({ ...this.#link, name: text });
      this.#link = null;
    } else if ((name === "li" || name === "ul") && this.#item?.mark) this.#endItem(this.#item);
    else if (name === "section") this.#item = null;
  }

  /** Lists within a nomination have items of their own: they belong to it until its mark and links are together. */
  #hasFinishedItem(): boolean {
    return this.#item === null || this.#item.links.length === 0 || this.#item.mark === null;
  }

  #endHeading({ level, text }: { level: number; text: string }): void {
    this.#heading = null;
    const name = cleanText(text);
    if (name === null || this.#link) return;
    if (level === 1) this.eventName ??= name;
    else if (level <= 3 && (this.#awardLevel === 0 || level <= this.#awardLevel)) {
      this.#awardLevel = level;
      this.awards.push({ id: null, name, declaredTotal: null, hasMore: false, categories: [] });
    } else this.awards.at(-1)?.categories.push(emptyCategory(name));
    this.#item = null;
  }

  #endItem(item: Item): void {
    const nomination = nominationOf(item);
    if (nomination === null) return;
    this.#item = null;
    const award = this.awards.at(-1);
    if (award === undefined) return;
    if (award.categories.length === 0) award.categories.push(emptyCategory(null));
    award.categories.at(-1)?.nominations.push(nomination);
  }
}

function emptyCategory(name: string | null): ScrapedCategory {
  return { name, declaredTotal: null, hasMore: false, nominations: [] };
}

function linkOf(href: string): Link | null {
  const title = titleLink.exec(href)?.[1];
  if (title !== undefined) return { kind: "title", imdbId: title, name: "" };
  const person = nameLink.exec(href)?.[1];
  if (person !== undefined) return { kind: "person", imdbId: person, name: "" };
  const company = companyLink.exec(href)?.[1];
  return company === undefined ? null : { kind: "company", imdbId: company, name: "" };
}

function nominationOf({ mark: said, links }: Item): ScrapedNomination | null {
  if (said === null || links.length === 0) return null;
  const unique = [...new Map(links.map((link) => [link.imdbId, link])).values()];
  const of = (kind: Link["kind"]) => unique.filter((link) => link.kind === kind);
  return {
    id: null,
    isWinner: said === "winner",
    notes: null,
    awarded:
      unique[0]?.kind === "person" ? "persons" : unique[0]?.kind === "company" ? "companies" : "titles",
    titles: of("title").map(({ imdbId, name }) => ({
      ...{ imdbId, title: name, originalTitle: null, year: null, kind: null },
    })),
    persons: of("person").map(({ imdbId, name }) => ({ imdbId, name })),
    companies: of("company").map(({ imdbId, name }) => ({ imdbId, name })),
    episodes: [],
    songs: [],
  };
}
