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
/** Lists within lists: a real page has three. */
const deepest = 100;
const mark = /^(winner|nominee)s?$/i;
const lists: ReadonlySet<string> = new Set(["ul", "ol"]);

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
  if (awards.length === 0 || builder.isTooDeep) return null;
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
  isTooDeep = false;
  #heading: { level: number; text: string } | null = null;
  #awardLevel = 0;
  /** Open list items, innermost last; null stands for a list around what follows. */
  #open: (Item | null)[] = [];
  #link: Link | null = null;

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (/^h[1-6]$/.test(name)) this.#heading = { level: Number(name[1]), text: "" };
    else if (this.#open.length > deepest) this.isTooDeep = true;
    else if (lists.has(name)) this.#open.push(null);
    else if (name === "li") {
      // An item ends where the next one of its list begins, closed or not.
      if (this.#open.at(-1)) this.#endItem();
      this.#open.push({ mark: null, links: [] });
    } else if (name === "a") this.#link = linkOf(attributes.get("href") ?? "");
  }

  text(text: string): void {
    if (this.#heading) this.#heading.text += text;
    if (this.#link) this.#link.name += text;
    const word = mark.exec(text.trim())?.[1]?.toLowerCase();
    const item = this.#open.at(-1);
    if (item && word !== undefined) item.mark = word === "winner" ? "winner" : "nominee";
  }

  close(name: string): void {
    if (this.#heading && name === `h${this.#heading.level}`) this.#endHeading(this.#heading);
    else if (name === "a") this.#endLink();
    else if (name === "li" && this.#open.at(-1)) this.#endItem();
    else if (lists.has(name)) {
      while (this.#open.at(-1)) this.#endItem();
      this.#open.pop();
    }
  }

  #endLink(): void {
    const text = this.#link === null ? null : cleanText(this.#link.name);
    if (this.#link !== null && text !== null) this.#open.at(-1)?.links.push({ ...this.#link, name: text });
    this.#link = null;
  }

  #endHeading({ level, text }: { level: number; text: string }): void {
    this.#heading = null;
    const name = cleanText(text);
    // Names of films and people may be headings too: within an item nothing begins.
    if (name === null || this.#link || this.#open.some((item) => item !== null)) return;
    if (level === 1) this.eventName ??= name;
    else if (level <= 3 && (this.#awardLevel === 0 || level <= this.#awardLevel)) {
      this.#awardLevel = level;
      this.awards.push({ id: null, name, declaredTotal: null, hasMore: false, categories: [] });
    } else this.awards.at(-1)?.categories.push(emptyCategory(name));
  }

  /** The innermost item: a nomination by itself, or a part of the one around it. */
  #endItem(): void {
    const item = this.#open.pop();
    if (!item) return;
    const nomination = nominationOf(item);
    if (nomination !== null) {
      this.#add(nomination);
      return;
    }
    const around = this.#open.findLast((each) => each !== null);
    around?.links.push(...item.links);
    if (around) around.mark ??= item.mark;
  }

  #add(nomination: ScrapedNomination): void {
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
