import type { MovieList } from "#app/awards/lists/lists.server.ts";
import { readListExport } from "#app/upstreams/imdb/list-export.ts";
import { readSavedEvent, readSavedList } from "#app/upstreams/imdb/saved-page.ts";
import type { ScrapedEventEdition, ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";

export type ReadUpload =
  | { trigger: "upload_page" | "upload_csv"; page: ScrapedListPage }
  | { trigger: "upload_page"; edition: ScrapedEventEdition };

/**
 * Reads what was uploaded for a list: a page of it or its export, an edition of an event.
 *
 * @throws AppError: it is nothing of this list, with what to do
 */
export function readUpload(
  list: Pick<MovieList, "sourceType" | "sourceId">,
  { name, bytes }: { name: string; bytes: Uint8Array },
): ReadUpload {
  if (list.sourceType === "imdb_event")
    return { trigger: "upload_page", edition: readSavedEvent(bytes, { eventId: list.sourceId }) };
  return isExport(name, bytes)
    ? { trigger: "upload_csv", page: readListExport(bytes, { listId: list.sourceId, fileName: name }) }
    : { trigger: "upload_page", page: readSavedList(bytes, { listId: list.sourceId }) };
}

/** By its name, or by a first line that no page begins with. */
function isExport(name: string, bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 400)).trimStart();
  return /\.csv$/i.test(name) ? !head.startsWith("<") : /^\W*"?Position"?[,;]/.test(head);
}
