import type { WatchKind, WorkExtras } from "#app/works/work-extras.server.ts";

/** Shown first; the others behind one click. */
const FIRST_CAST = 12;
/** Departments whose people are named at once. */
const KEY_JOBS: readonly [label: string, jobs: readonly string[]][] = [
  ["Directed by", ["Director"]],
  ["Written by", ["Screenplay", "Writer", "Story", "Novel"]],
  ["Produced by", ["Producer"]],
  ["Photographed by", ["Director of Photography"]],
  ["Music by", ["Original Music Composer"]],
  ["Edited by", ["Editor"]],
];
const WATCH_WORDS: Record<WatchKind, string> = {
  flatrate: "Subscription",
  free: "Free",
  ads: "With ads",
  rent: "Rent",
  buy: "Buy",
};
const DEFAULT_COUNTRY = "US";

const regions = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });

/** English name of an ISO 3166-1 code; the code itself where it is none. */
function countryName(code: string): string {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}

export type ExtrasView = ReturnType<typeof extrasView>;

/**
 * A work's extras as its page shows them. Made on the server: names of countries differ between browsers.
 *
 * @param country the country whose ways to watch are asked for; the United States, or the first there is, otherwise
 */
export function extrasView({ cast, crew, watch, countries, ...rest }: WorkExtras, country: string | null) {
  return {
    ...rest,
    countries: countries.map((code) => countryName(code)),
    cast: { first: cast.slice(0, FIRST_CAST), others: cast.slice(FIRST_CAST) },
    crew: crewView(crew),
    watch: watchView(watch, country),
  };
}

const unique = (names: string[]) => [...new Set(names)];

function crewView(crew: WorkExtras["crew"]) {
  const key = KEY_JOBS.map(([label, jobs]) => ({
    label,
    names: unique(crew.filter((one) => jobs.includes(one.job ?? "")).map((one) => one.name)),
  }));
  const departments = Map.groupBy(crew, (one) => one.department ?? "Other");
  return {
    key: key.filter((line) => line.names.length > 0),
    count: unique(crew.map((one) => one.name)).length,
    departments: [...departments].map(([label, people]) => ({
      label,
      names: people.map((one) => (one.job ? `${one.name} (${one.job})` : one.name)),
    })),
  };
}

function watchView(watch: WorkExtras["watch"], country: string | null) {
  const codes = Object.keys(watch);
  const shown = [country, DEFAULT_COUNTRY, codes[0]].find((code) => code && Object.hasOwn(watch, code));
  const offers = shown ? watch[shown] : undefined;
  if (!shown || !offers) return null;
  return {
    country: shown,
    countryName: countryName(shown),
    link: offers.link,
    kinds: offers.kinds.map(({ kind, providers }) => ({ label: WATCH_WORDS[kind], providers })),
    countries: codes.map((code) => ({ code, name: countryName(code) })),
    defaultCountry: Object.hasOwn(watch, DEFAULT_COUNTRY) ? DEFAULT_COUNTRY : (codes[0] ?? null),
  };
}
