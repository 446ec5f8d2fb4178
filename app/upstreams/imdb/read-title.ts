import { at, listAt, textAt, wholeAt } from "./json-path.ts";
import type { ScrapedCompany, ScrapedKind, ScrapedPerson, ScrapedTitle } from "./scraped.ts";
import { type TitleType, titleTypeOf } from "./title-type.ts";

/** Titles, people and companies as IMDb's JSON writes them. What has no id or no name is null: nothing is made up for it. */

const KINDS: Record<Exclude<TitleType, null>, ScrapedKind> = {
  movie: "movie",
  series: "tv",
  episode: "episode",
  other: "other",
};

/** The kind behind IMDb's code (`tvMiniSeries`) or text (`TV Mini Series`, in any language that is known). */
export function kindOf(type: string | null): ScrapedKind | null {
  const known = type === null ? null : titleTypeOf(type);
  return known === null ? null : KINDS[known];
}

export function titleIdIn(text: unknown): string | null {
  return typeof text === "string" && /^tt\d{5,10}$/.test(text) ? text : null;
}

/** A `Title` node: `{id, titleText{text}, originalTitleText{text}, releaseYear{year}, titleType{id}}`. */
export function readTitle(node: unknown): ScrapedTitle | null {
  const imdbId = titleIdIn(at(node, "id"));
  const title = textAt(node, "titleText", "text") ?? textAt(node, "originalTitleText", "text");
  if (imdbId === null || title === null) return null;
  const originalTitle = textAt(node, "originalTitleText", "text");
  return {
    imdbId,
    title,
    originalTitle: originalTitle === title ? null : originalTitle,
    year: plausibleYear(at(node, "releaseYear", "year") ?? at(node, "releaseDate", "year")),
    kind: kindOfNode(at(node, "titleType")),
  };
}

function kindOfNode(type: unknown): ScrapedKind | null {
  const named = kindOf(textAt(type, "id")) ?? kindOf(textAt(type, "text"));
  if (named !== null) return named;
  if (at(type, "isEpisode") === true) return "episode";
  return at(type, "isSeries") === true ? "tv" : null;
}

/** A year that a title can have; film begins in the 1870s. */
export function plausibleYear(value: unknown): number | null {
  const year = wholeAt(1870, value);
  return year !== null && year <= 2100 ? year : null;
}

/** Items of a list of titles: bare nodes, or wrapped as `{title: {…}}`. Each title once. */
export function readTitles(items: readonly unknown[]): ScrapedTitle[] {
  return once(
    items.map((item) => readTitle(at(item, "title") ?? item)),
    (title) => title.imdbId,
  );
}

/** Items of a list of people: bare nodes, or wrapped as `{name: {…}}`. */
export function readPersons(items: readonly unknown[]): ScrapedPerson[] {
  return once(
    items.map((item) => {
      const node = at(item, "name") ?? item;
      const name = textAt(node, "nameText", "text");
      const id = textAt(node, "id");
      return name === null ? null : { imdbId: id !== null && /^nm\d{5,10}$/.test(id) ? id : null, name };
    }),
    (person) => person.imdbId ?? `name ${person.name}`,
  );
}

/** Items of a list of companies: bare nodes, or wrapped as `{company: {…}}`. */
export function readCompanies(items: readonly unknown[]): ScrapedCompany[] {
  return once(
    items.map((item) => {
      const node = at(item, "company") ?? item;
      const name = textAt(node, "companyText", "text");
      const id = textAt(node, "id");
      return name === null ? null : { imdbId: id !== null && /^co\d{5,10}$/.test(id) ? id : null, name };
    }),
    (company) => company.imdbId ?? `name ${company.name}`,
  );
}

function once<T>(items: readonly (T | null)[], key: (item: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const item of items) if (item !== null && !seen.has(key(item))) seen.set(key(item), item);
  return [...seen.values()];
}

/** Text that IMDb keeps as markdown: a bare string, `{plainText}` or `{plaidHtml}`. */
export function markdownText(value: unknown): string | null {
  if (typeof value === "string") return textAt({ value }, "value");
  const html = textAt(value, "plaidHtml");
  return (
    textAt(value, "plainText") ??
    textAt(value, "markdown") ??
    (html === null ? null : textAt({ bare: html.replaceAll(/<[^>]*>/g, " ") }, "bare"))
  );
}

/** Every array below any of these keys, joined: IMDb's own client and its pages name the same lists differently. */
export function listsAt(node: unknown, keys: readonly string[]): unknown[] {
  return keys.flatMap((key) => [...listAt(node, key)]);
}
