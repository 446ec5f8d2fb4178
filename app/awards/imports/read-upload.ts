import type { MovieList } from "#app/awards/lists/lists.server.ts";
import { AppError } from "#app/errors.ts";
import type { ScrapedEventEdition, ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";

export type ReadUpload =
  | { trigger: "upload_page" | "upload_csv"; page: ScrapedListPage }
  | { trigger: "upload_page"; edition: ScrapedEventEdition };

/** Reads what was uploaded for a list. */
export function readUpload(
  _list: Pick<MovieList, "sourceType" | "sourceId">,
  _file: { name: string; bytes: Uint8Array },
): ReadUpload {
  throw new AppError("NOT_YET", 501, "Uploads cannot be read yet.");
}
