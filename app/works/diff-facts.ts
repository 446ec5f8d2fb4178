/** What can change in a work that a catalogue's readers would notice. Votes and popularity move every day and say nothing. */
export interface FactsSnapshot {
  title: string;
  original_title: string | null;
  original_language: string | null;
  /** `YYYY-MM-DD` */
  release_date: string | null;
  imdb_id: string | null;
  runtime_minutes: number | null;
  /** Of series; null for films. */
  total_seasons: number | null;
  total_episodes: number | null;
  tagline: string | null;
  overview: string | null;
  certification: string | null;
  /** File names of the pictures, wherever they lie. */
  poster: string | null;
  backdrop: string | null;
  budget: number | null;
  revenue_worldwide: number | null;
  /** TMDB's, 0 to 10, to one decimal. */
  rating: number | null;
  genres: string[];
  /** "Keanu Reeves as Neo" */
  cast: string[];
  /** "Lana Wachowski, Director" */
  crew: string[];
  trailers: string[];
  keywords: string[];
  production_companies: string[];
  production_countries: string[];
  /** "US rent Apple TV" */
  streaming: string[];
}

export type ChangedField = keyof FactsSnapshot;

/**
 * One changed field. For lists, `before` holds what went and `after` what came, at most MOST_ENTRIES of each and then how many
 * more; long texts are cut, so that a change stays small enough to keep.
 */
export interface FieldChange {
  field: ChangedField;
  before: string | number | null | string[];
  after: string | number | null | string[];
}

const MOST_ENTRIES = 10;
const LONGEST_TEXT = 300;

/** The fields that differ, in the order of a snapshot. The order within lists does not count. */
export function diffFacts(before: FactsSnapshot, after: FactsSnapshot): FieldChange[] {
  const fields = Object.keys(after) as ChangedField[];
  return fields.flatMap((field): FieldChange[] => {
    const [old, now] = [before[field], after[field]];
    if (Array.isArray(old) && Array.isArray(now)) {
      const went = bounded(without(old, now));
      const came = bounded(without(now, old));
      return went.length + came.length > 0 ? [{ field, before: went, after: came }] : [];
    }
    return old === now ? [] : [{ field, before: short(old), after: short(now) }];
  });
}

function without(list: string[], other: string[]): string[] {
  const there = new Set(other);
  return [...new Set(list)].filter((entry) => !there.has(entry));
}

function bounded(entries: string[]): string[] {
  const shown = entries.slice(0, MOST_ENTRIES).map((entry) => cut(entry));
  const more = entries.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

const short = (value: FieldChange["before"]) => (typeof value === "string" ? cut(value) : value);

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length > LONGEST_TEXT ? `${letters.slice(0, LONGEST_TEXT - 1).join("")}…` : text;
}
