import { type Answer, json } from "../answer.ts";
import { tmdbError } from "./errors.ts";

const MOST_APPENDED = 20;

/** Every sub-resource of a title by its path name; each makes its object, without the title's own id. */
export type SubResources = Record<string, () => Record<string, unknown>>;

/**
 * Details with what `append_to_response` asks for. Names TMDB does not know are passed over in silence,
 * more than 20 are refused with code 27, and the key is the path name ("watch/providers", slash and all).
 */
export function withAppended(
  details: Record<string, unknown>,
  parts: SubResources,
  query: URLSearchParams,
): Answer {
  const asked = (query.get("append_to_response") ?? "").split(",").map((name) => name.trim());
  const names = [...new Set(asked.filter((name) => name !== ""))];
  if (names.length > MOST_APPENDED) return tmdbError(27);
  const appended: Record<string, unknown> = {};
  for (const name of names) {
    const make = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (make !== undefined) appended[name] = make();
  }
  return json(200, { ...details, ...appended });
}

/** One sub-resource called on its own: it carries the title's id, paged lists do not. */
export function alone(id: number, parts: SubResources, name: string): Answer {
  const make = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (make === undefined) return tmdbError(34);
  const body = make();
  return json(200, "page" in body ? body : { id, ...body });
}
