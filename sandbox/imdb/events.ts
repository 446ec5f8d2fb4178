import type { Answer } from "../answer.ts";
import { stableNumber } from "../stable-hash.ts";
import type { Film } from "../titles/film.ts";
import type { Library } from "../titles/library.ts";
import { type CategoryPlan, type EventPlan, editionsOf, eventPlan } from "./event-plans.ts";
import { escaped, notFound, type PageStyle, page } from "./pages.ts";
import { filmsOf } from "./titles.ts";

/** Of these the nominees of an edition are chosen. */
const POOL = 60;

type Person = { id: string; name: string };
type Nomination = {
  id: string;
  isWinner: boolean;
  film: Film | null;
  persons: Person[];
  company: string | null;
  song: string | null;
};
type Category = { plan: CategoryPlan; nominations: Nomination[] };
type Award = { id: string; name: string; categories: Category[] };

function personOf(name: string): Person {
  return { id: `nm${String(9_000_000 + stableNumber(`${name} name`, 999_999))}`, name };
}

function nominations(key: string, plan: CategoryPlan, pool: readonly Film[]): Nomination[] {
  const first = stableNumber(key, Math.max(1, pool.length));
  const filmAt = (nth: number) => pool[(first + nth) % Math.max(1, pool.length)] ?? null;
  return Array.from({ length: plan.nominees }, (_, nth) => {
    // The second song is of the same film as the first.
    const film = plan.honorary ? null : filmAt(plan.songs && nth === 1 ? 0 : nth);
    const names = film ? [...film.cast, ...film.directors] : [`Honoured Guest ${nth + 1}`];
    const person = names[stableNumber(`${key} ${nth} person`, Math.max(1, names.length))];
    return {
      id: `an${String(stableNumber(`${key} ${nth}`, 9_999_999)).padStart(7, "0")}`,
      isWinner: nth === 0,
      film,
      persons: person === undefined || plan.honours === "companies" ? [] : [personOf(person)],
      company: plan.honours === "companies" ? `${film?.country ?? "US"} Film Board` : null,
      song: plan.songs ? `Song of the ${["River", "Harbour", "Winter"][nth % 3]}` : null,
    };
  });
}

function awardsOf(eventId: string, plan: EventPlan, edition: string, pool: readonly Film[]): Award[] {
  return plan.awards.map(({ id, name, categories }) => ({
    id,
    name,
    categories: categories.map((category) => ({
      plan: category,
      nominations: nominations(`${eventId} ${edition} ${name} ${category.name ?? ""}`, category, pool),
    })),
  }));
}

type EventAddress = { eventId: string; year: number; instance: number };
type Edition = { plan: EventPlan; editions: { year: number; instance: number }[]; awards: Award[] };

/** One edition; null for an event that nobody knows and a year in which nothing was held. */
function editionAt({ eventId, year, instance }: EventAddress, library: Library): Edition | null {
  const plan = eventPlan(eventId);
  const editions = plan === null ? [] : editionsOf(plan);
  const isHeld = editions.some((edition) => edition.year === year && edition.instance === instance);
  if (plan === null || !isHeld) return null;
  const pool = filmsOf(plan.looksBack ? year - 1 : year, POOL, library);
  return { plan, editions, awards: awardsOf(eventId, plan, `${year}/${instance}`, pool) };
}

/** GET /event/ev…/YYYY/n/; a year in which nothing was held is a 404. */
export function answerEvent(address: EventAddress, style: PageStyle, library: Library): Answer {
  const found = editionAt(address, library);
  if (found === null) return notFound();
  const { plan, awards, editions } = found;
  const { eventId, year, instance } = address;
  return page({
    path: `/event/${eventId}/${year}/${instance}/`,
    title: `${plan.name} (${year})`,
    style,
    nextData: eventData(eventId, plan, { year, instance }, awards, editions),
    linkedData: null,
    markup: eventMarkup(plan, awards),
  });
}

/** What a model reads on an event's page; null when there is none. */
export function readAsEvent(address: EventAddress, library: Library): unknown {
  const found = editionAt(address, library);
  if (found === null) return null;
  const urlOf = (kind: string, id: string | null) => `https://www.imdb.com/${kind}/${id}/`;
  return {
    eventName: found.plan.name,
    year: address.year,
    awards: found.awards.flatMap(({ name, categories }) =>
      categories.map(({ plan, nominations: all }) => ({
        award: name,
        category: plan.name,
        nominations: all.map(({ isWinner, film, persons, company, song }) => ({
          isWinner,
          note: song === null ? null : `For the song "${song}"`,
          titles: film
            ? [
                {
                  title: film.title,
                  url: urlOf("title", film.imdbId),
                  year: Number(film.released.slice(0, 4)),
                },
              ]
            : [],
          persons: persons.map(({ id, name: person }) => ({ name: person, url: urlOf("name", id) })),
          companies: company === null ? [] : [{ name: company }],
        })),
      })),
    ),
  };
}

function dateOf(year: number, monthDay: string): unknown {
  const [month, day] = monthDay.split("-").map(Number);
  return {
    dateComponents: { day, month, year, __typename: "DateComponents" },
    __typename: "DisplayableDate",
  };
}

function eventData(
  eventId: string,
  plan: EventPlan,
  { year, instance }: { year: number; instance: number },
  awards: readonly Award[],
  editions: readonly { year: number; instance: number }[],
): unknown {
  return {
    props: {
      pageProps: {
        eventName: plan.name,
        editionInfo: {
          ...{ id: editionId(eventId, year, instance), year, instanceWithinYear: instance },
          dateRange: { startDate: dateOf(year, plan.days[0]), endDate: dateOf(year, plan.days[1]) },
          event: { id: eventId, name: { text: plan.name }, location: { text: plan.location } },
        },
        edition: { awards: awards.map(awardNode) },
        historyEventEditions: editions.map((edition) => ({
          ...{ year: edition.year, id: editionId(eventId, edition.year, edition.instance) },
          instanceWithinYear: edition.instance,
        })),
      },
    },
    page: "/event/[eventId]/[year]/[instanceWithinYear]",
    query: { eventId, year: String(year), instanceWithinYear: String(instance) },
  };
}

function editionId(eventId: string, year: number, instance: number): string {
  return `ee${String(stableNumber(`${eventId} ${year}/${instance}`, 9_999_999)).padStart(7, "0")}`;
}

function awardNode({ id, name, categories }: Award): unknown {
  return {
    ...{ id, text: name },
    nominationCategories: {
      edges: categories.map(({ plan, nominations: all }) => {
        const shown = all.slice(0, plan.shown ?? all.length);
        return {
          node: {
            category: plan.name === null ? null : { text: plan.name },
            nominations: {
              total: all.length,
              edges: shown.map((nomination) => nominationEdge(nomination, plan)),
              pageInfo: { hasNextPage: shown.length < all.length, endCursor: "cursor" },
            },
          },
        };
      }),
    },
  };
}

function nominationEdge(nomination: Nomination, { honours }: CategoryPlan): unknown {
  const { id, isWinner, film, song } = nomination;
  const titles = film ? [{ title: titleNode(film) }] : null;
  const names = nomination.persons.map((person) => ({
    name: { id: person.id, nameText: { text: person.name } },
    note: null,
  }));
  const companies = nomination.company
    ? [{ company: { id: "co0123456", companyText: { text: nomination.company } } }]
    : null;
  return {
    node: {
      ...{ id, isWinner, forEpisodes: null, forSongTitles: song === null ? null : [song] },
      notes: song === null ? null : { plainText: `For the song "${song}"` },
      awardedEntities:
        honours === "persons"
          ? { __typename: "AwardedNames", awardNames: names, secondaryAwardTitles: titles }
          : {
              ...{ __typename: "AwardedTitles", awardTitles: titles ?? [] },
              ...{ secondaryAwardNames: names, secondaryAwardCompanies: companies },
            },
    },
  };
}

function titleNode(film: Film): unknown {
  const year = Number(film.released.slice(0, 4));
  return {
    id: film.imdbId,
    titleText: { text: film.title },
    originalTitleText: { text: film.originalTitle },
    releaseYear: { year, endYear: null },
    titleType: { id: "movie" },
  };
}

function eventMarkup(plan: EventPlan, awards: readonly Award[]): string {
  const sections = awards.map(({ name, categories }) => {
    const lists = categories.map(({ plan: { name: category }, nominations: all }) => {
      const heading = category === null ? "" : `<h4>${escaped(category)}</h4>`;
      return `${heading}<ul>${all.map(nominationMarkup).join("")}</ul>`;
    });
    return `<section class="ipc-page-section"><h3 class="ipc-title__text">${escaped(name)}</h3>${lists.join("")}</section>`;
  });
  return `<h1>${escaped(plan.name)}</h1>${sections.join("")}`;
}

function nominationMarkup({ isWinner, film, persons }: Nomination): string {
  const title = film ? `<a href="/title/${film.imdbId}/">${escaped(film.title)}</a>` : "";
  const names = persons
    .map(({ id, name }) => `<li><a href="/name/${id}/">${escaped(name)}</a></li>`)
    .join("");
  return `<li><div>${isWinner ? "Winner" : "Nominee"}</div>${title}<ul>${names}</ul></li>`;
}
