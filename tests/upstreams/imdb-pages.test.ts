import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHtml } from "#app/upstreams/imdb/html-events.ts";
import { parseEventPage } from "#app/upstreams/imdb/parse-event-page.ts";
import { parseListPage } from "#app/upstreams/imdb/parse-list-page.ts";
import { scrapedEventEdition, scrapedListPage } from "#app/upstreams/imdb/scraped.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";

const asked = { listId: "ls050000100", page: 1 };
const cannes = { eventId: "ev0000147", year: 2024, instance: 1 };

function withData(nextData: unknown, more = ""): string {
  return `<html><head>${more}</head><body><script id="__NEXT_DATA__" type="application/json">${JSON.stringify(nextData)}</script></body></html>`;
}

const titleNode = (id: string, more: Record<string, unknown> = {}) => ({
  ...{ id, titleText: { text: `Title ${id}` }, titleType: { id: "movie" }, releaseYear: { year: 1995 } },
  ...more,
});

function listData(edges: unknown[], search: Record<string, unknown> = {}, key = "list") {
  const list = {
    id: asked.listId,
    name: { originalText: "A list" },
    titleListItemSearch: { edges, ...search },
  };
  return { props: { pageProps: { mainColumnData: { [key]: list } } } };
}

function listOf(html: string, page = 1) {
  const reading = parseListPage(html, { ...asked, page });
  if (reading.kind !== "page") throw new Error(`It was read as ${JSON.stringify(reading)}`);
  return reading.page;
}

describe("L-03 reading a list's page", () => {
  it.each(["listItem", "title"])("takes the title that an edge has as %s", (key) => {
    const edge = { node: { absolutePosition: 7 }, [key]: titleNode("tt0113277") };
    expect(listOf(withData(listData([edge], { total: 9 })))).toMatchObject({
      ...{ name: "A list", declaredTotal: 9, hasNextPage: true, readFrom: "next_data" },
      entries: [{ imdbId: "tt0113277", position: 7, year: 1995, kind: "movie", originalTitle: null }],
    });
  });

  it("reads a watchlist, which the page keeps elsewhere", () => {
    const html = withData(listData([{ listItem: titleNode("tt0113277") }], {}, "predefinedList"));
    expect(listOf(html).entries).toHaveLength(1);
  });

  it("leaves out what is no title and says how much that was; each title once", () => {
    const edges = [
      { listItem: titleNode("tt0113277") },
      { listItem: { id: "nm0000134", nameText: { text: "A person" } } },
      { listItem: null },
      null,
      { listItem: titleNode("tt0113277") },
      { listItem: { id: "tt0078748" } },
    ];
    const page = listOf(withData(listData(edges)));
    expect(page.entries.map((entry) => [entry.imdbId, entry.position])).toEqual([["tt0113277", 1]]);
    expect(page.notTitles).toBe(4);
  });

  it.each([
    ["movie", "movie"],
    ["tvMovie", "movie"],
    ["short", "movie"],
    ["tvMiniSeries", "tv"],
    ["tvEpisode", "episode"],
    ["videoGame", "other"],
    ["podcastSeries", "other"],
    ["tvSpecial", null],
    ["somethingNew", null],
  ])("knows %s", (id, kind) => {
    const edges = [{ listItem: titleNode("tt0113277", { titleType: { id } }) }];
    expect(listOf(withData(listData(edges))).entries[0]?.kind).toBe(kind);
  });

  it.each([
    [{ originalText: { plainText: "Won: Palme d'Or" } }, "Won: Palme d'Or"],
    [{ originalText: { plaidHtml: "Won: <b>Palme</b>\n d'Or" } }, "Won: Palme d'Or"],
    ["Won: Palme d'Or\u0000", "Won: Palme d'Or"],
    [null, null],
    ["  ", null],
  ])("reads the keeper's words from %j", (description, words) => {
    const edges = [{ node: { description }, listItem: titleNode("tt0113277") }];
    expect(listOf(withData(listData(edges))).entries[0]?.description).toBe(words);
  });

  it("counts on where a later page has no positions of its own", () => {
    const edges = [{ listItem: titleNode("tt0113277") }, { listItem: titleNode("tt0078748") }];
    expect(listOf(withData(listData(edges)), 3).entries.map((entry) => entry.position)).toEqual([501, 502]);
  });

  it("reads linked data: entities decoded, no year, no plot for the keeper's words", () => {
    const item = (type: string, id: string, name: string) => ({
      ...{
        "@type": "ListItem",
        item: { "@type": type, url: `https://www.imdb.com/title/${id}/`, name, description: "x" },
      },
    });
    const linked = {
      ...{ "@type": "ItemList", name: "One &amp; two", numberOfItems: 3 },
      itemListElement: [
        item("Movie", "tt0113277", "Schindler&apos;s List"),
        item("TVSeries", "tt0903747", "Breaking Bad"),
      ],
    };
    const html = `<script type="application/ld+json">${JSON.stringify(linked)}</script>`;
    expect(listOf(html)).toMatchObject({
      ...{ name: "One & two", declaredTotal: 3, hasNextPage: true, readFrom: "linked_data" },
      entries: [
        { title: "Schindler's List", kind: "movie", year: null, description: null, position: 1 },
        { title: "Breaking Bad", kind: "tv", position: 2 },
      ],
    });
  });

  it("reads links of old pages and of new ones, and no others", () => {
    const old = `<h1>Old</h1><h3 class="lister-item-header"><span>1.</span> <a href="/title/tt0113277/?ref_=ttls_li_tt">Heat</a> <span>(1995)</span></h3><a href="/title/tt0078748/">Alien</a><h3><a href="/title/tt0090605/">Seen last</a></h3>`;
    expect(listOf(old).entries).toEqual([
      {
        ...{ imdbId: "tt0113277", title: "Heat", position: 1, year: null },
        ...{ originalTitle: null, kind: null, description: null },
      },
    ]);
    const current = `<a class="ipc-title-link-wrapper" href="https://www.imdb.com/title/tt0113277/?ref_=ls_t_12"><h3>12. Heat &amp; Dust</h3></a><span>1995</span><div>1,204 titles</div>`;
    expect(listOf(current)).toMatchObject({
      declaredTotal: 1204,
      entries: [{ title: "Heat & Dust", position: 12, year: 1995 }],
    });
  });

  it.each<[string, string, unknown]>([
    [
      "another list",
      withData(listData([])).replace(asked.listId, "ls099999999"),
      { kind: "other", found: "ls099999999" },
    ],
    [
      "a title's page",
      withData({ props: { pageProps: { tconst: "tt0113277" } } }, '<a href="/title/tt0078748/">x</a>'),
      { kind: "not_understood", why: "NO_LIST" },
    ],
    [
      "no titles where some are declared",
      withData(listData([], { total: 5 })),
      { kind: "not_understood", why: "NO_TITLES" },
    ],
    [
      "data that is cut off",
      '<script id="__NEXT_DATA__">{"props":',
      { kind: "not_understood", why: "JSON_CUT_OFF" },
    ],
    [
      "links of another kind of page",
      '<a href="/title/tt0113277/">Heat</a>',
      { kind: "not_understood", why: "NO_LIST" },
    ],
    ["nothing", "", { kind: "challenge" }],
    ["a page without anything of IMDb's", "<html><h1>Hello</h1></html>", { kind: "challenge" }],
    [
      "a captcha among links",
      '<form action="/errors/validateCaptcha"></form><a href="/title/tt0113277/">x</a>',
      { kind: "challenge" },
    ],
  ])("does not take %s for the list", (_name, html, reading) => {
    expect(parseListPage(html, asked)).toEqual(reading);
  });

  it("a page that came without an address of ours has to say which list it is", () => {
    const bare = withData({
      props: { pageProps: { mainColumnData: { list: { titleListItemSearch: { edges: [], total: 0 } } } } },
    });
    expect(parseListPage(bare, asked, { mustSayWhich: true })).toEqual({
      kind: "not_understood",
      why: "NO_ID",
    });
    const said = bare.replace(
      "<head>",
      `<head><link rel="canonical" href="https://www.imdb.com/list/${asked.listId}/"/>`,
    );
    expect(parseListPage(said, asked, { mustSayWhich: true }).kind).toBe("page");
  });
});

function editionData(nominations: unknown[], more: Record<string, unknown> = {}) {
  const category = { category: null, nominations: { edges: nominations } };
  return {
    props: {
      pageProps: {
        eventName: "Cannes Film Festival",
        editionInfo: { year: 2024, instanceWithinYear: 1, event: { id: "ev0000147" } },
        edition: {
          awards: [{ id: "aw1", text: "Palme d'Or", nominationCategories: { edges: [{ node: category }] } }],
        },
        historyEventEditions: [{ year: 2024, instanceWithinYear: 1 }, { year: 2023 }, { year: "x" }],
        ...more,
      },
    },
  };
}

const nomination = (entities: unknown, more: Record<string, unknown> = {}) => ({
  node: { isWinner: true, awardedEntities: entities, ...more },
});

function nominationsOf(html: string) {
  const reading = parseEventPage(html, cannes);
  if (reading.kind !== "page") throw new Error(`It was read as ${JSON.stringify(reading)}`);
  return reading.page.awards.flatMap((award) => award.categories.flatMap((category) => category.nominations));
}

describe("L-03 reading an event's page", () => {
  const film = { title: titleNode("tt0113277") };
  const person = { name: { id: "nm0000134", nameText: { text: "A person" } } };

  it.each<[string, unknown, string]>([
    ["awardTitles", { awardTitles: [film], secondaryAwardNames: [person] }, "titles"],
    ["secondaryAwardTitles", { awardNames: [person], secondaryAwardTitles: [film] }, "persons"],
    [
      "bare lists, as IMDb's own client has them",
      { __typename: "AwardedNames", names: [person.name], secondaryTitles: [film.title] },
      "persons",
    ],
  ])("finds the film in %s", (_name, entities, awarded) => {
    expect(nominationsOf(withData(editionData([nomination(entities)])))).toMatchObject([
      {
        awarded,
        isWinner: true,
        titles: [{ imdbId: "tt0113277" }],
        persons: [{ imdbId: "nm0000134", name: "A person" }],
      },
    ]);
  });

  it("keeps notes, songs, episodes and companies, and who has no page of their own", () => {
    const entities = {
      awardTitles: [film],
      secondaryAwardNames: [{ name: { nameText: { text: "Nobody's page" } } }],
      secondaryAwardCompanies: [{ company: { id: "co0123456", companyText: { text: "A company" } } }],
    };
    const more = {
      ...{ id: "an0000001", notes: { plainText: "For the song" }, forSongTitles: ["One", { text: "Two" }] },
      forEpisodes: [titleNode("tt0959621", { titleType: { id: "tvEpisode" } })],
    };
    expect(nominationsOf(withData(editionData([nomination(entities, more)])))).toMatchObject([
      {
        ...{
          id: "an0000001",
          notes: "For the song",
          songs: ["One", "Two"],
          companies: [{ imdbId: "co0123456" }],
        },
        ...{ persons: [{ imdbId: null, name: "Nobody's page" }], episodes: [{ kind: "episode" }] },
      },
    ]);
  });

  it("leaves out a nomination that names nobody, and says that there are more", () => {
    const html = withData(
      editionData([nomination({}), nomination(null), null, nomination({ awardTitles: [film] })]),
    );
    expect(nominationsOf(html)).toHaveLength(1);
    const paged = html.replace('"edges":[{"node":{"isWinner"', '"total":4,"edges":[{"node":{"isWinner"');
    const reading = parseEventPage(paged, cannes);
    expect(reading).toMatchObject({
      page: { awards: [{ categories: [{ name: null, declaredTotal: 4, hasMore: true }] }] },
    });
  });

  it("an edition without awards is one of which nothing is known yet", () => {
    expect(parseEventPage(withData(editionData([], { edition: { awards: [] } })), cannes)).toMatchObject({
      ...{ kind: "page", page: { awards: [], otherEditions: [{ year: 2023, instance: 1 }] } },
    });
  });

  it.each<[string, string, unknown]>([
    [
      "another year",
      withData(editionData([], { editionInfo: { year: 2023 } })),
      { kind: "other", found: "2023" },
    ],
    [
      "the second edition of the year",
      withData(editionData([], { editionInfo: { year: 2024, instanceWithinYear: 2 } })),
      { kind: "other", found: "2024/2" },
    ],
    [
      "another event",
      withData(editionData([], { editionInfo: { year: 2024, event: { id: "ev0000003" } } })),
      { kind: "other", found: "ev0000003" },
    ],
    ["a list", withData(listData([])), { kind: "not_understood", why: "NO_EVENT" }],
    ["a robot check", "<html><title>Robot Check</title></html>", { kind: "challenge" }],
    [
      "headings without nominations",
      '<h3>Palme d\'Or</h3><ul><li><a href="/title/tt0113277/">Heat</a></li></ul>',
      { kind: "not_understood", why: "NO_EVENT" },
    ],
  ])("does not take %s for the edition", (_name, html, reading) => {
    expect(parseEventPage(html, cannes)).toEqual(reading);
  });

  it("reads award sections whose items are not closed, each nomination by itself", () => {
    const html = `<h2>Prize</h2><h4>Best Film</h4><ul><li><span>Winner</span><a href="/title/tt0113277/">Heat</a><li><span>Nominee</span><a href="/title/tt0078748/">Alien</a><ul><li><a href="/name/nm0000631/">R. S.</a></ul></ul>`;
    expect(parseEventPage(html, cannes)).toMatchObject({
      page: {
        readFrom: "html",
        awards: [
          {
            name: "Prize",
            categories: [
              {
                name: "Best Film",
                nominations: [
                  { isWinner: true, titles: [{ imdbId: "tt0113277" }] },
                  { isWinner: false, titles: [{ imdbId: "tt0078748" }], persons: [{ name: "R. S." }] },
                ],
              },
            ],
          },
        ],
      },
    });
  });
});

function pathsOf(value: unknown, above: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...above]];
  return [[...above], ...Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...above, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== "object" || value === null) return by;
  const change = (each: unknown, at: string) => (at === key ? replaced(each, rest, by) : each);
  if (Array.isArray(value)) return value.map((each, at) => change(each, String(at)));
  return Object.fromEntries(Object.entries(value).map(([at, each]) => [at, change(each, at)]));
}

describe("L-03 whatever comes", () => {
  const json = fc.jsonValue({ maxDepth: 6 });
  const ids = fc.constantFrom("tt0113277", "tt1", "nm0000134", "ls050000100", "ev0000147", "__proto__", "");
  const keys = fc.constantFrom(
    ...[
      "props",
      "pageProps",
      "mainColumnData",
      "list",
      "titleListItemSearch",
      "edges",
      "listItem",
      "title",
      "id",
    ],
    ...[
      "titleText",
      "text",
      "edition",
      "awards",
      "nominationCategories",
      "node",
      "nominations",
      "awardedEntities",
    ],
    ...["awardTitles", "editionInfo", "year", "__proto__"],
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 12, depthSize: "large" },
      fc.oneof(ids, fc.integer(), fc.constant(null), fc.string(), json),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(keys, tie("node"), { maxKeys: 4 }),
    ),
  })).node;
  const tags = fc.constantFrom(
    ...[
      "<a href='/title/tt0113277/'>",
      "</a>",
      "<h3>",
      "</h3>",
      "<li>",
      "</li>",
      "<ul>",
      "</ul>",
      "Winner",
      "1. ",
      "<!--",
    ],
    ...[
      "<script id=__NEXT_DATA__>",
      "</script>",
      "<h1",
      '="',
      "'",
      ">",
      "&#0;",
      "&#x110000;",
      "\u0000",
      "\ud800",
      "<",
    ],
  );
  const markup = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.array(tags, { maxLength: 60 }).map((all) => all.join("")),
  );
  const page = fc.oneof(
    markup,
    tree.map((data) => withData(data)),
    fc.tuple(tree, markup).map(([data, html]) => html + withData(data)),
  );

  it("a page is read or refused, and never more is said than what stands on it", () => {
    fc.assert(
      fc.property(page, (html) => {
        const list = parseListPage(html, asked);
        if (list.kind === "page") {
          expect(scrapedListPage.parse(list.page)).toEqual(list.page);
          for (const entry of list.page.entries) expect(html).toContain(entry.imdbId);
        }
        const event = parseEventPage(html, cannes);
        if (event.kind === "page") {
          expect(scrapedEventEdition.parse(event.page)).toEqual(event.page);
          expect([event.page.year, event.page.instance]).toEqual([2024, 1]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("a page with anything in the place of anything is read or refused", () => {
    const whole = [
      listData([{ node: { absolutePosition: 2, description: "x" }, listItem: titleNode("tt0113277") }], {
        ...{ total: 3, pageInfo: { hasNextPage: true, endCursor: "c" } },
      }),
      editionData([
        nomination(
          { awardNames: [{ name: { id: "nm0000134", nameText: { text: "P" } } }] },
          { notes: { plainText: "n" }, forSongTitles: ["s"], forEpisodes: [titleNode("tt0959621")] },
        ),
        nomination({ awardTitles: [{ title: titleNode("tt0113277") }] }),
      ]),
    ];
    const paths = whole.map((data) => pathsOf(data));
    const change = fc
      .nat(1)
      .chain((which) =>
        fc.tuple(
          fc.constant(which),
          fc.constantFrom(...(paths[which] ?? [])),
          fc.oneof(json, ids, fc.constant([null])),
        ),
      );
    fc.assert(
      fc.property(change, ([which, path, value]) => {
        const html = withData(replaced(whole[which], path, value));
        const list = parseListPage(html, asked);
        if (list.kind === "page") expect(scrapedListPage.parse(list.page)).toEqual(list.page);
        const event = parseEventPage(html, cannes);
        if (event.kind === "page") expect(scrapedEventEdition.parse(event.page)).toEqual(event.page);
      }),
      { numRuns: 500 },
    );
  });

  it("what a list says comes out as it went in", () => {
    const entry = fc.record({
      imdbId: fc.integer({ min: 1_000_000, max: 99_999_999 }).map((number) => `tt${number}`),
      title: fc
        .string({ minLength: 1, maxLength: 40 })
        .filter((text) => text.trim() === text && !/[\s\p{Cc}]{2}|[\t\n\p{Cc}]|\s(?<! )/u.test(text)),
      year: fc.option(fc.integer({ min: 1900, max: 2030 })),
    });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: (each) => each.imdbId, maxLength: 20 }), (entries) => {
        const edges = entries.map(({ imdbId, title, year }) => ({
          listItem: titleNode(imdbId, {
            titleText: { text: title },
            releaseYear: year === null ? null : { year },
          }),
        }));
        const html = withData(listData(edges, { total: entries.length }))
          .replaceAll("</", "<\\/")
          .replace("<\\/script>", "</script>");
        const found = listOf(html).entries.map(({ imdbId, title, year }) => ({ imdbId, title, year }));
        expect(found).toEqual(entries);
      }),
    );
  });

  it("reads hostile markup in one pass", () => {
    for (const piece of [
      "<",
      "<a ",
      '<a href="',
      "<!--",
      "<li>",
      "<ul>",
      "<script>",
      "&",
      "</",
      "<h3><a href='/title/tt0113277/'>",
    ]) {
      let events = 0;
      const count = () => {
        events += 1;
      };
      readHtml(piece.repeat(50_000), { open: count, close: count, text: count });
      expect(events).toBeLessThanOrEqual(150_001);
    }
  });
});

/** The facts of a parsed event file: year → award → category → nominee and winner ids. */
function parsedEvent(text: string) {
  const found: { year: number; award: string; category: string; nominee: string[]; winner: string[] }[] = [];
  let [year, award] = [0, ""];
  for (const line of text.split("\n")) {
    const [, indent = "", name = "", rest = ""] = /^( *)(.+?):(?: +(.*))?$/.exec(line) ?? [];
    const ids = rest.match(/tt\d+/g) ?? [];
    if (indent.length === 0 && /\d{4}/.test(name)) year = Number(/\d{4}/.exec(name)?.[0]);
    else if (indent.length === 2) award = name;
    else if (indent.length === 4) found.push({ year, award, category: name, nominee: [], winner: [] });
    else if (indent.length === 6 && name === "nominee") found.at(-1)?.nominee.push(...ids);
    else if (indent.length === 6 && name === "winner") found.at(-1)?.winner.push(...ids);
  }
  return found.filter((category) => category.year === 2024);
}

describe.skipIf(!sharedFixtures)("L-03 the facts of Cannes 2024", () => {
  it("come out of a page of their shape, every nominee and every winner", () => {
    const file = resolve(sharedFixtures ?? "", "imdb/event-ev0000147-cannes.yml");
    const facts = parsedEvent(readFileSync(file, "utf8"));
    expect(facts.length).toBeGreaterThan(20);
    const awards = [...new Set(facts.map(({ award }) => award))].map((text) => ({
      text,
      nominationCategories: {
        edges: facts
          .filter(({ award }) => award === text)
          .map(({ category, nominee, winner }) => ({
            node: {
              category: category === text ? null : { text: category },
              nominations: {
                edges: nominee.map((id) =>
                  nomination({ awardTitles: [{ title: titleNode(id) }] }, { isWinner: winner.includes(id) }),
                ),
              },
            },
          })),
      },
    }));
    const reading = parseEventPage(withData(editionData([], { edition: { awards } })), cannes);
    if (reading.kind !== "page") throw new Error(reading.kind);
    const read = reading.page.awards.flatMap(({ name, categories }) =>
      categories.map((category) => ({
        ...{ year: 2024, award: name, category: category.name ?? name },
        nominee: category.nominations.map((each) => each.titles[0]?.imdbId),
        winner: category.nominations.filter((each) => each.isWinner).map((each) => each.titles[0]?.imdbId),
      })),
    );
    expect(read.map((each) => ({ ...each, winner: each.winner.toSorted() }))).toEqual(
      facts.map((each) => ({ ...each, winner: each.winner.toSorted() })),
    );
  });
});
