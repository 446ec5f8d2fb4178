import type { TmdbMovie, TmdbSeries } from "#app/upstreams/tmdb/shapes.ts";
import type { CastFact, CrewFact, PersonFact } from "#app/works/title-facts.ts";

/** Builds an image address as TMDB documents it: base, size, path. */
export type ImageUrl = (size: string, path: string) => string;

type Title = TmdbMovie | TmdbSeries;

/** Against a broken answer; the largest real casts and crews have about as many. */
const MOST_PEOPLE = 1_000;

/** Those whose names are looked for first; the others follow in TMDB's order. */
const FIRST_JOBS = [
  "Director",
  "Screenplay",
  "Writer",
  "Story",
  "Novel",
  "Producer",
  "Executive Producer",
  "Director of Photography",
  "Original Music Composer",
  "Editor",
];

function person(
  one: { id: number; name: string; gender: number | null; profile_path: string | null },
  imageUrl: ImageUrl,
): PersonFact {
  const photo = (size: string) => (one.profile_path ? imageUrl(size, one.profile_path) : null);
  return {
    person_id: one.id,
    name: one.name,
    gender: one.gender,
    photo_url_small: photo("w45"),
    photo_url_medium: photo("w185"),
  };
}

/** Everybody in the cast, by billing; undefined when the answer does not say. */
export function castOf(title: Title, imageUrl: ImageUrl): CastFact[] | undefined {
  const last = Number.MAX_SAFE_INTEGER;
  return title.credits?.cast
    .toSorted((a, b) => (a.order ?? last) - (b.order ?? last))
    .slice(0, MOST_PEOPLE)
    .map((member) => ({
      ...person(member, imageUrl),
      photo_url_large: member.profile_path ? imageUrl("h632", member.profile_path) : null,
      character: member.character,
      order: member.order,
    }));
}

/** Everybody in the crew, directors and writers first. One person may hold several jobs; each is kept once. */
export function crewOf(title: Title, imageUrl: ImageUrl): CrewFact[] | undefined {
  if (!title.credits) return undefined;
  const rank = (job: string | null) => {
    const at = FIRST_JOBS.indexOf(job ?? "");
    return at === -1 ? FIRST_JOBS.length : at;
  };
  const unique = new Map(
    title.credits.crew.map((member) => [`${member.id} ${member.department} ${member.job}`, member]),
  );
  return [...unique.values()]
    .sort((a, b) => rank(a.job) - rank(b.job))
    .slice(0, MOST_PEOPLE)
    .map((member) => ({ ...person(member, imageUrl), job: member.job, department: member.department }));
}
