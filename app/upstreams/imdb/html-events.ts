/**
 * The little of HTML that is needed to find scripts, links and headings on a page: tags, attributes and text in their order.
 * No tree is built: what is not closed properly cannot confuse what follows, and the time is linear in the length of the page.
 */
export interface HtmlReader {
  /** Lower-case name. Attribute values decoded. */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  close(name: string): void;
  /** Text between two tags, decoded; of `script` as it stands. Other raw text elements are silent. */
  text(text: string): void;
}

/** Elements whose content is text up to their own end tag, and what that looks like. */
const RAW: ReadonlyMap<string, RegExp> = new Map(
  ["script", "style", "textarea", "title", "noscript", "template"].map(
    (tag) => [tag, new RegExp(`</${tag}[\\s/>]`, "gi")] as const,
  ),
);
const name = /[a-zA-Z][^\s/>]*/y;
const attribute = /[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/y;
const namedEntities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
};

/** Numbered entities, and the named ones that stand in names; what is not known stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g,
    (whole, dec, hex, named) => {
      if (named !== undefined) return namedEntities[String(named)] ?? whole;
      const code = dec === undefined ? Number.parseInt(String(hex), 16) : Number(dec);
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
        ? String.fromCodePoint(code)
        : "";
    },
  );
}

/** A page of 250 titles has some 20,000. What has more is no page, and must not keep a process busy for seconds. */
const MOST_TAGS = 300_000;

/** Tells the reader what stands on the page, from its first character to its last. Never throws. */
export function readHtml(html: string, reader: HtmlReader): void {
  let position = 0;
  for (let tags = 0; position < html.length && tags < MOST_TAGS; tags += 1) {
    const less = html.indexOf("<", position);
    if (less !== position) {
      const text = html.slice(position, less === -1 ? html.length : less);
      reader.text(decodeEntities(text));
      if (less === -1) return;
    }
    position = readMarkup(html, less, reader);
  }
}

/** Reads what begins with the `<` at `start`; returns where reading goes on. */
function readMarkup(html: string, start: number, reader: HtmlReader): number {
  if (html.startsWith("<!--", start)) return after(html, "-->", start + 4);
  if (html[start + 1] === "!" || html[start + 1] === "?") return after(html, ">", start + 2);
  const closing = html[start + 1] === "/";
  name.lastIndex = start + (closing ? 2 : 1);
  const tag = name.exec(html)?.[0].toLowerCase();
  if (tag === undefined) {
    reader.text("<");
    return start + 1;
  }
  if (closing) {
    reader.close(tag);
    return after(html, ">", name.lastIndex);
  }
  const { attributes, end } = readAttributes(html, name.lastIndex);
  reader.open(tag, attributes);
  const endTag = RAW.get(tag);
  return endTag === undefined ? end : readRaw(html, end, { tag, endTag }, reader);
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
}

function readAttributes(html: string, from: number): { attributes: Map<string, string>; end: number } {
  const attributes = new Map<string, string>();
  let position = from;
  for (;;) {
    attribute.lastIndex = position;
    const found = attribute.exec(html);
    if (found === null) break;
    position = attribute.lastIndex;
    const key = (found[1] ?? "").toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decodeEntities(found[2] ?? found[3] ?? found[4] ?? ""));
  }
  return { attributes, end: after(html, ">", position) };
}

/** Everything up to the element's own end tag is text, whatever it looks like. */
function readRaw(
  html: string,
  from: number,
  { tag, endTag }: { tag: string; endTag: RegExp },
  reader: HtmlReader,
): number {
  endTag.lastIndex = from;
  const end = endTag.exec(html);
  if (tag === "script") reader.text(html.slice(from, end?.index ?? html.length));
  reader.close(tag);
  return end === null ? html.length : after(html, ">", end.index);
}
