import { readHtml } from "./html-events.ts";
import { at, textAt } from "./json-path.ts";

/** What a page carries besides its looks. */
export interface PageParts {
  /** The JSON of `<script id="__NEXT_DATA__">`: undefined when there is none, null when it cannot be parsed. */
  nextData: unknown;
  /** The JSON of every `<script type="application/ld+json">` that can be parsed. */
  linkedData: unknown[];
  /** The address that the page states for itself: `<link rel="canonical">`, else `og:url`. */
  statedAddress: string | null;
  /** Links to titles, of whatever kind: a page without any, and without JSON, is no page of IMDb's. */
  titleLinks: number;
}

export const titleLink = /\/title\/(tt\d{5,10})(?![\d])/;

/** Takes a page apart. Never throws. */
export function pageParts(html: string): PageParts {
  const parts: PageParts = { nextData: undefined, linkedData: [], statedAddress: null, titleLinks: 0 };
  let script: "next" | "linked" | null = null;
  const address: { canonical?: string | undefined; shared?: string | undefined } = {};
  readHtml(html, {
    open(name, attributes) {
      if (name === "script") script = scriptKind(attributes);
      else if (name === "a" && titleLink.test(attributes.get("href") ?? "")) parts.titleLinks += 1;
      else if (name === "link" && attributes.get("rel") === "canonical")
        address.canonical ??= attributes.get("href");
      else if (name === "meta" && attributes.get("property") === "og:url")
        address.shared ??= attributes.get("content");
    },
    close() {
      script = null;
    },
    text(text) {
      if (script === "next" && parts.nextData === undefined) parts.nextData = parsed(text);
      if (script === "linked") parts.linkedData.push(parsed(text));
    },
  });
  parts.linkedData = parts.linkedData.filter((data) => data !== null);
  parts.statedAddress = address.canonical ?? address.shared ?? null;
  return parts;
}

function scriptKind(attributes: ReadonlyMap<string, string>): "next" | "linked" | null {
  if (attributes.get("id") === "__NEXT_DATA__") return "next";
  return attributes.get("type")?.toLowerCase() === "application/ld+json" ? "linked" : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? null;
  } catch {
    return null;
  }
}

/** An id that the page's own data or address states: `ls…` of a list, `ev…` of an event. */
export function statedId(parts: PageParts, prefix: "ls" | "ev"): string | null {
  const shape = new RegExp(`^${prefix}\\d{5,12}$`);
  const query = at(parts.nextData, "query");
  const named = ["lsConst", "lsconst", "evConst", "evconst", "listId", "eventId", "id", "const"].flatMap(
    (key) => textAt(query, key) ?? [],
  );
  const inQuery = named.find((value) => shape.test(value));
  if (inQuery !== undefined) return inQuery;
  const path = prefix === "ls" ? /\/list\/(ls\d{5,12})(?!\d)/ : /\/event\/(ev\d{5,10})(?!\d)/;
  return path.exec(parts.statedAddress ?? "")?.[1] ?? null;
}
