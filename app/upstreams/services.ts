import type { Config } from "#app/config.server.ts";

/** The outside services this house can call. The names stand in tables (`upstream_calls.service` and others): permanent. */
export const SERVICES = ["tmdb", "omdb", "tabstack", "imdb", "catalogue"] as const;

export type Service = (typeof SERVICES)[number];

/** Tells a service that we know from one that an older or newer version left in a row. */
export const isService = (name: string): name is Service => (SERVICES as readonly string[]).includes(name);

export interface ServiceInfo {
  service: Service;
  /** What people call it. */
  label: string;
  /** What it is asked for, in one line. */
  purpose: string;
  /** The environment variables that turn it on: all of them are needed. */
  variables: readonly (keyof Config)[];
  /** What happens without it. */
  whenOff: string;
}

const INFO: Record<Service, ServiceInfo> = {
  tmdb: {
    service: "tmdb",
    label: "TMDB",
    purpose: "Finds titles and their details",
    variables: ["TMDB_API_KEY"],
    whenOff: "Titles are not looked up at TMDB.",
  },
  omdb: {
    service: "omdb",
    label: "OMDb",
    purpose: "Adds ratings of IMDb, Rotten Tomatoes and Metacritic",
    variables: ["OMDB_API_KEY"],
    whenOff: "Records are written without the ratings that OMDb knows.",
  },
  tabstack: {
    service: "tabstack",
    label: "Tabstack",
    purpose: "Reads quotes, lists and award events from IMDb's pages",
    variables: ["TABSTACK_TOKEN"],
    whenOff: "Quotes are not fetched; films wait for them until it is on.",
  },
  imdb: {
    service: "imdb",
    label: "IMDb",
    purpose: "Shows lists and award events to who asks for a page",
    // It knows no keys, and has an address from the start: which lists are asked for is chosen list by list.
    variables: ["IMDB_BASE_URL"],
    whenOff: "Lists and award events are read from uploads alone.",
  },
  catalogue: {
    service: "catalogue",
    label: "Remote catalogue",
    purpose: "Takes the records that imports write",
    variables: ["CATALOGUE_URL", "CATALOGUE_API_KEY"],
    whenOff: "New imports go to the built-in catalogue; those that were made for the remote one wait for it.",
  },
};

export function serviceInfo(service: Service): ServiceInfo {
  return INFO[service];
}

/** Whether the service has what it needs to be called. One that is off is never called, and nothing waits for it. */
export function isOn(service: Service, config: Partial<Config>): boolean {
  return INFO[service].variables.every((variable) => Boolean(config[variable]));
}

/** The sentence for a service that is off: what that means and how to turn it on. */
export function offSentence(service: Service): string {
  const { label, variables, whenOff } = INFO[service];
  return `${label} is off. ${whenOff} Set ${variables.join(" and ")} and restart to turn it on.`;
}
