import type { Answer } from "../answer.ts";
import { stableNumber } from "../stable-hash.ts";
import type { Library } from "../titles/library.ts";
import { escaped, notFound, type PageStyle, page } from "./pages.ts";
import { type PageTitle, titlesFor } from "./titles.ts";

const PAGE_SIZE = 250;
/** What the markup shows of a page: the rest comes while one scrolls. */
const SHOWN = 100;

type ListPlan = {
  name: string;
  /** How many entries the list says that it has. */
  declared: number;
  /** Positions at which nothing stands any more. */
  gaps: readonly number[];
  /** The keeper's words at a position. */
  words?: (position: number) => string | null;
};

const PRIZES = [
  "Won: Palme d'Or",
  "Nominated: Palme d'Or",
  "Won: Grand Prix",
  "Won: Best Director & Best Actor",
];

/** Lists that tests rely on. Every other id is a list too, so that well-known lists can be imported in the demo. */
const PLANS: Readonly<Record<string, ListPlan>> = {
  ls050000100: { name: "One hundred films", declared: 100, gaps: [] },
  ls050001000: { name: "A thousand & one <nights>", declared: 1000, gaps: [40, 41, 333, 777] },
  ls050000120: {
    name: "Winners on the Croisette",
    declared: 120,
    gaps: [],
    words: (position) => (position % 3 === 0 ? null : (PRIZES[position % PRIZES.length] ?? null)),
  },
  ls050000000: { name: "Nothing yet", declared: 0, gaps: [] },
};

function planOf(listId: string): ListPlan | null {
  const plan = PLANS[listId];
  if (plan) return plan;
  if (listId.endsWith("404")) return null;
  return { name: `List ${listId.slice(2)}`, declared: 100 + stableNumber(listId, 300), gaps: [] };
}

type Entry = { position: number; title: PageTitle; words: string | null };

function entriesOf(listId: string, plan: ListPlan, library: Library): Entry[] {
  const positions = Array.from({ length: plan.declared }, (_, at) => at + 1).filter(
    (position) => !plan.gaps.includes(position),
  );
  const titles = titlesFor(listId, positions.length, library);
  return titles.flatMap((title, at) => {
    const position = positions[at];
    return position === undefined ? [] : [{ position, title, words: plan.words?.(position) ?? null }];
  });
}

type ListPage = { plan: ListPlan; entries: Entry[]; hasNextPage: boolean };

/** One page of a list; an id that ends in 404 is nobody's. */
function listPage(listId: string, query: URLSearchParams, library: Library): ListPage | null {
  const plan = planOf(listId);
  if (plan === null) return null;
  const asked = Number(query.get("page") ?? "1");
  const pages = Math.max(1, Math.ceil(plan.declared / PAGE_SIZE));
  // A number that is not there shows the first page again.
  const number = Number.isInteger(asked) && asked >= 1 && asked <= pages ? asked : 1;
  const from = (number - 1) * PAGE_SIZE;
  const entries = entriesOf(listId, plan, library).filter(
    ({ position }) => position > from && position <= from + PAGE_SIZE,
  );
  return { plan, entries, hasNextPage: number < pages };
}

/** GET /list/ls…/, `?page=n` for what comes after the first 250. */
export function answerList(
  listId: string,
  query: URLSearchParams,
  style: PageStyle,
  library: Library,
): Answer {
  const found = listPage(listId, query, library);
  if (found === null) return notFound();
  const { plan, entries, hasNextPage } = found;
  return page({
    path: `/list/${listId}/`,
    title: plan.name,
    style,
    nextData: listData(listId, plan, entries, hasNextPage),
    linkedData: linkedList(plan, entries),
    markup: listMarkup(plan, entries),
  });
}

/** What a model reads on a list's page; null when there is none. */
export function readAsList(listId: string, query: URLSearchParams, library: Library): unknown {
  const found = listPage(listId, query, library);
  return (
    found && {
      name: found.plan.name,
      totalTitles: found.plan.declared,
      entries: found.entries.map(({ position, title, words }) => ({
        position,
        title: title.title,
        url: `https://www.imdb.com/title/${title.id}/`,
        year: title.year,
        type: { movie: null, tvSeries: "TV Series", tvEpisode: "TV Episode" }[title.type],
        description: words,
      })),
    }
  );
}

function titleNode({ id, title, original, year, type }: PageTitle): Record<string, unknown> {
  return {
    id,
    titleText: { text: title, __typename: "TitleText" },
    originalTitleText: { text: original, __typename: "TitleText" },
    titleType: { id: type, text: { movie: "", tvSeries: "TV Series", tvEpisode: "TV Episode" }[type] },
    releaseYear: year === null ? null : { year, endYear: null, __typename: "YearRange" },
    __typename: "Title",
  };
}

function listData(listId: string, plan: ListPlan, entries: readonly Entry[], hasNextPage: boolean): unknown {
  return {
    props: {
      pageProps: {
        mainColumnData: {
          list: {
            id: listId,
            name: { originalText: plan.name },
            titleListItemSearch: {
              total: plan.declared,
              pageInfo: { hasNextPage, endCursor: hasNextPage ? `cursor${entries.at(-1)?.position}` : null },
              edges: entries.map(({ position, title, words }) => ({
                node: {
                  absolutePosition: position,
                  description:
                    words === null ? null : { originalText: { plaidHtml: escaped(words), plainText: words } },
                },
                listItem: titleNode(title),
              })),
            },
          },
        },
      },
    },
    page: "/list/[lsConst]",
    query: { lsConst: listId },
  };
}

function linkedList(plan: ListPlan, entries: readonly Entry[]): unknown {
  return {
    "@context": "https://schema.org",
    "@type": "ItemList",
    name: escaped(plan.name),
    numberOfItems: plan.declared,
    itemListElement: entries.map(({ title }) => ({
      "@type": "ListItem",
      item: {
        "@type": { movie: "Movie", tvSeries: "TVSeries", tvEpisode: "TVEpisode" }[title.type],
        url: `https://www.imdb.com/title/${title.id}/`,
        name: escaped(title.title),
        description: "What the film is about.",
      },
    })),
  };
}

function listMarkup(plan: ListPlan, entries: readonly Entry[]): string {
  const items = entries
    .slice(0, SHOWN)
    .map(
      ({ position, title, words }) =>
        `<li class="ipc-metadata-list-summary-item"><a class="ipc-lockup-overlay" href="/title/${title.id}/?ref_=ls_i_${position}" aria-label="View title page"></a><a class="ipc-title-link-wrapper" href="/title/${title.id}/?ref_=ls_t_${position}"><h3 class="ipc-title__text">${position}. ${escaped(title.title)}</h3></a><span>${title.year ?? ""}</span><span>2h 10m</span>${words === null ? "" : `<div>${escaped(words)}</div>`}</li>`,
    );
  return `<h1>${escaped(plan.name)}</h1><div>${plan.declared} titles</div><ul>${items.join("")}</ul><section><h3>More to explore</h3><a class="ipc-title-link-wrapper" href="/title/tt0111161/"><h3>The Shawshank Redemption</h3></a></section>`;
}
