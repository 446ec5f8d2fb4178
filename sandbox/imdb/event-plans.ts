/** One category of an award, as the stand-in holds it every year. */
export type CategoryPlan = {
  /** null: the award has no categories. */
  name: string | null;
  /** Who is honoured: then the film stands in another place of the page's data. */
  honours: "films" | "persons" | "companies";
  nominees: number;
  /** How many the page has in its data; the others would come by a click. */
  shown?: number;
  /** One film is nominated twice, for two songs. */
  songs?: true;
  /** Somebody is honoured without a film. */
  honorary?: true;
};

export type EventPlan = {
  name: string;
  location: string;
  /** First and last day, month-day. */
  days: readonly [string, string];
  firstYear: number;
  /** Years in which it was not held. */
  notIn: readonly number[];
  /** Years in which it was held twice. */
  twiceIn: readonly number[];
  /** Whether it honours films of the year before. */
  looksBack: boolean;
  awards: readonly { id: string; name: string; categories: readonly CategoryPlan[] }[];
};

const films = (name: string | null, nominees: number, more: Partial<CategoryPlan> = {}): CategoryPlan => ({
  ...{ name, honours: "films", nominees },
  ...more,
});
const persons = (name: string | null, nominees: number, more: Partial<CategoryPlan> = {}): CategoryPlan => ({
  ...{ name, honours: "persons", nominees },
  ...more,
});

const LAST_YEAR = 2026;

const EVENTS: Readonly<Record<string, EventPlan>> = {
  ev0000003: {
    name: "Academy Awards, USA",
    location: "Los Angeles, California, USA",
    days: ["03-10", "03-10"],
    firstYear: 1929,
    notIn: [1933],
    twiceIn: [1930],
    looksBack: true,
    awards: [
      {
        id: "aw0000010",
        name: "Oscar",
        categories: [
          films("Best Picture", 8),
          persons("Best Actor in a Leading Role", 5),
          persons("Best Actress in a Leading Role", 5),
          persons("Best Directing", 5),
          films("Best Original Song", 5, { songs: true }),
          { name: "Best International Feature Film", honours: "companies", nominees: 5 },
        ],
      },
      { id: "aw0000011", name: "Honorary Award", categories: [persons(null, 2, { honorary: true })] },
    ],
  },
  ev0000147: {
    name: "Cannes Film Festival",
    location: "Cannes, France",
    days: ["05-14", "05-25"],
    firstYear: 1946,
    notIn: [1948, 1950, 2020],
    twiceIn: [],
    looksBack: false,
    awards: [
      { id: "aw0000147", name: "Palme d'Or", categories: [films(null, 20)] },
      { id: "aw0000148", name: "Best Director", categories: [persons(null, 2)] },
      { id: "aw0000149", name: "Best Actor", categories: [persons(null, 1)] },
      { id: "aw0000150", name: "Golden Camera", categories: [films(null, 29, { shown: 25 })] },
      {
        id: "aw0000151",
        name: "FIPRESCI Prize",
        categories: [films("Competition", 1), films("Un Certain Regard", 1)],
      },
    ],
  },
  ev0000292: {
    name: "Golden Globes, USA",
    location: "Beverly Hills, California, USA",
    days: ["01-07", "01-07"],
    firstYear: 1944,
    notIn: [],
    twiceIn: [],
    looksBack: true,
    awards: [
      {
        id: "aw0000292",
        name: "Golden Globe",
        categories: [
          films("Best Motion Picture, Drama", 6),
          persons("Best Performance by an Actor in a Motion Picture, Drama", 6),
          persons("Best Director, Motion Picture", 6),
          films("Best Song", 6, { songs: true }),
        ],
      },
    ],
  },
};

/** Festivals that have no plan of their own here are held like these, so that the well-known ones can be imported in the demo. */
const LIKE_CANNES: Readonly<Record<string, [name: string, location: string]>> = {
  ev0000681: ["Venice Film Festival", "Venice, Italy"],
  ev0000091: ["Berlin International Film Festival", "Berlin, Germany"],
  ev0000123: ["BAFTA Awards", "London, UK"],
  ev0000631: ["Sundance Film Festival", "Park City, Utah, USA"],
  ev0000598: ["Screen Actors Guild Awards", "Los Angeles, California, USA"],
  ev0000349: ["Film Independent Spirit Awards", "Santa Monica, California, USA"],
};

export function eventPlan(eventId: string): EventPlan | null {
  const own = EVENTS[eventId];
  if (own) return own;
  const named = LIKE_CANNES[eventId];
  const cannes = EVENTS.ev0000147;
  if (!named || !cannes) return null;
  return {
    ...cannes,
    name: named[0],
    location: named[1],
    notIn: [],
    awards: [
      { id: `aw${eventId.slice(2)}`, name: "Best Film", categories: [films(null, 10)] },
      { id: "aw0000099", name: "Best Director", categories: [persons(null, 4)] },
    ],
  };
}

/** Every edition, newest first. */
export function editionsOf(plan: EventPlan): { year: number; instance: number }[] {
  return Array.from({ length: LAST_YEAR - plan.firstYear + 1 }, (_, at) => LAST_YEAR - at)
    .filter((year) => !plan.notIn.includes(year))
    .flatMap((year) => (plan.twiceIn.includes(year) ? [2, 1] : [1]).map((instance) => ({ year, instance })));
}
