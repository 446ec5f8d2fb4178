/**
 * Whether a request's `If-None-Match` names what it would be sent: a list of tags or `*`, compared weakly, as RFC 9110 §13.1.2
 * has it.
 *
 * @param header as it came; null: none
 * @param etag without quotes
 */
export function isUnchanged(header: string | null, etag: string): boolean {
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return [...header.matchAll(/(?:W\/)?"([^"]*)"/g)].some(([, tag]) => tag === etag);
}
