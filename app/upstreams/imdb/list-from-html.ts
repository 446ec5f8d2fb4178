import { readHtml } from "./html-events.ts";
import { cleanText } from "./json-path.ts";
import { type FoundList, uniqueEntries } from "./list-from-json.ts";
import { titleLink } from "./page-parts.ts";
import { plausibleYear } from "./read-title.ts";
import type { ScrapedListEntry } from "./scraped.ts";

/**
 * A list read from the page's links, when it carries no data: less than the data would say (a browser shows 25 to 100 of a
 * page's entries), and so the last resort. An entry is a link to a title that is a heading, with its number in front where the
 * page numbers them: links to similar titles and to what was seen last have no numbers.
 */
interface Heading {
  imdbId: string;
  text: string;
  year: number | null;
}

const heading = /^h[1-6]$/;
const numbered = /^(\d{1,6})\.\s+(.+)$/u;
const yearText = /^\(?(?:I+\) \()?(\d{4})(?:\s*[–-]\s*(?:\d{4})?)?\s*\)?$/;
/** "250 titles", "1,000 titles" */
const totalText = /^([\d,.\s]{1,12})\s*titles?$/iu;

export function listFromHtml(html: string, page: number): FoundList | null {
  const seen = collectHeadings(html);
  const entries = toEntries(seen.headings, page);
  if (entries.length === 0) return null;
  return {
    listId: null,
    name: seen.name,
    declaredTotal: seen.declaredTotal,
    hasNextPage: null,
    nextCursor: null,
    ...uniqueEntries(entries),
  };
}

function toEntries(headings: readonly Heading[], page: number): (ScrapedListEntry | null)[] {
  const withNumbers = headings.filter(({ text }) => numbered.test(text));
  const chosen = withNumbers.length > 0 ? withNumbers : page === 1 ? headings : [];
  return chosen.map(({ imdbId, text, year }, index) => {
    const [, number, rest] = numbered.exec(text) ?? [];
    const title = cleanText(rest ?? text);
    if (title === null) return null;
    return {
      ...{ imdbId, title, originalTitle: null, year, kind: null, description: null },
      position: number === undefined ? index + 1 : Math.max(1, Number(number)),
    };
  });
}

/** What the walk over the page has seen so far. */
interface Seen {
  headings: Heading[];
  name: string | null;
  declaredTotal: number | null;
}

function collectHeadings(html: string): Seen {
  const seen: Seen = { headings: [], name: null, declaredTotal: null };
  let link: { imdbId: string; text: string; isHeading: boolean } | null = null;
  let level: string | null = null;
  let levelText = "";
  readHtml(html, {
    open(name, attributes) {
      if (heading.test(name)) {
        level = name;
        levelText = "";
        if (link) link.isHeading = true;
      } else if (name === "a") {
        const imdbId = titleLink.exec(attributes.get("href") ?? "")?.[1];
        // Old pages number a heading before its link: "<h3><span>12.</span> <a>…".
        link = imdbId === undefined ? null : { imdbId, text: levelText, isHeading: level !== null };
      }
    },
    close(name) {
      if (name === "a" && link) {
        const text = cleanText(link.text);
        if (link.isHeading && text !== null) seen.headings.push({ imdbId: link.imdbId, text, year: null });
        link = null;
      }
      if (name === level) {
        if (name === "h1") seen.name ??= cleanText(levelText);
        level = null;
        levelText = "";
      }
    },
    text(text) {
      if (link) link.text += text;
      if (level !== null) levelText += text;
      else if (!link) noteAside(seen, text);
    },
  });
  return seen;
}

/** A year belongs to the heading before it; a total to the list. */
function noteAside(seen: Seen, text: string): void {
  const clean = cleanText(text);
  if (clean === null || clean.length > 20) return;
  const last = seen.headings.at(-1);
  const year = yearText.exec(clean)?.[1];
  if (last && year !== undefined) last.year ??= plausibleYear(year);
  const total = totalText.exec(clean)?.[1]?.replaceAll(/[^\d]/g, "");
  if (total) seen.declaredTotal ??= Number(total);
}
