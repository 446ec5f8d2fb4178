import type { Answer } from "../answer.ts";

/** How the stand-in's pages are: as they are, with linked data alone, with nothing but links, or with their data cut off. */
export const PAGE_STYLES = ["whole", "linked_data", "html", "cut_off"] as const;
export type PageStyle = (typeof PAGE_STYLES)[number];

/** Text as it may stand in HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#x27;");
}

/** A page as IMDb builds it: canonical address, linked data, markup, and the data that the markup was made from. */
export function page(options: {
  path: string;
  title: string;
  style: PageStyle;
  nextData: unknown;
  linkedData: unknown;
  markup: string;
}): Answer {
  const { path, title, style, nextData, linkedData, markup } = options;
  // What stands in a script must not end it.
  const json = (value: unknown) => JSON.stringify(value).replaceAll("<", "\\u003c");
  const data = json(nextData);
  const scripts = {
    whole: `<script id="__NEXT_DATA__" type="application/json">${data}</script>`,
    linked_data: "",
    html: "",
    cut_off: `<script id="__NEXT_DATA__" type="application/json">${data.slice(0, data.length / 2)}</script>`,
  }[style];
  const linked =
    linkedData !== null && (style === "whole" || style === "linked_data")
      ? `<script type="application/ld+json">${json(linkedData)}</script>`
      : "";
  const body = style === "cut_off" ? "" : markup;
  return {
    status: 200,
    headers: { "content-type": "text/html;charset=utf-8" },
    body: `<!DOCTYPE html><html lang="en-US"><head><meta charSet="utf-8"/><title>${escaped(title)} - IMDb</title><link rel="canonical" href="https://www.imdb.com${path}"/>${linked}</head><body><div id="__next"><main>${body}</main></div>${scripts}</body></html>`,
  };
}

export function notFound(): Answer {
  return {
    status: 404,
    headers: { "content-type": "text/html;charset=utf-8" },
    body: '<!DOCTYPE html><html><head><title>404 Error - IMDb</title></head><body><h1>The requested URL was not found on our server.</h1><a href="/">Go to the homepage</a></body></html>',
  };
}
