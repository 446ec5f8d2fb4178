import { stableHex, stableNumber } from "../stable-hash.ts";
import { imagePath } from "./image-paths.ts";

/** People ids of the sandbox start here; they are not TMDB's. */
const FIRST_PERSON_ID = 7_000_000;
const PEOPLE = 2_000_000;

function person(name: string, department: string): Record<string, unknown> {
  return {
    adult: false,
    gender: stableNumber(`gender:${name}`, 4),
    id: FIRST_PERSON_ID + stableNumber(name, PEOPLE),
    known_for_department: department,
    name,
    original_name: name,
    popularity: 1 + stableNumber(`popularity:${name}`, 5000) / 1000,
    // Every third person has no portrait, which is common at TMDB.
    profile_path: stableNumber(`portrait:${name}`, 3) === 0 ? null : imagePath("profile", name),
  };
}

/** Cast and crew of a film or series. The same person may occur in both, under different credit ids. */
export function credits(key: string, cast: readonly string[], directors: readonly string[]) {
  return {
    cast: cast.map((name, order) => ({
      ...person(name, "Acting"),
      cast_id: order + 1,
      character: "",
      credit_id: stableHex(`${key}:cast:${name}`, 24),
      order,
    })),
    crew: directors.map((name) => ({
      ...person(name, "Directing"),
      credit_id: stableHex(`${key}:crew:${name}`, 24),
      department: "Directing",
      job: "Director",
    })),
  };
}

/** Creators as TV details list them. */
export function creators(key: string, names: readonly string[]): Record<string, unknown>[] {
  return names.map((name) => ({
    id: FIRST_PERSON_ID + stableNumber(name, PEOPLE),
    credit_id: stableHex(`${key}:created:${name}`, 24),
    name,
    original_name: name,
    gender: 0,
    profile_path: null,
  }));
}
