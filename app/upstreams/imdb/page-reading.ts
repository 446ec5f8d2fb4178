/**
 * What reading a page comes to. A challenge is never an empty page: only `page` may be stored.
 *
 * - `challenge`: IMDb's check for robots, or what is left of a page that such a check stands in front of
 * - `not_understood`: a page, but not of a shape that is known (`why` is for logs and messages: no titles in it)
 * - `other`: a page of another list, event, year or page number than the one asked for (`found` says which)
 */
export type PageReading<T> =
  | { kind: "page"; page: T }
  | { kind: "challenge" }
  | { kind: "not_understood"; why: NotUnderstood }
  | { kind: "other"; found: string };

/** `JSON_CUT_OFF`: the embedded JSON cannot be parsed, so the page is incomplete; the others say what it lacks. */
export type NotUnderstood = "JSON_CUT_OFF" | "NO_LIST" | "NO_EVENT" | "NO_ID" | "NO_TITLES";

export const notUnderstood = (why: NotUnderstood): { kind: "not_understood"; why: NotUnderstood } => ({
  kind: "not_understood",
  why,
});
