import { type Kysely, sql } from "kysely";
import { addPages, openImport, requireActive } from "#app/awards/imports/list-imports.server.ts";
import { type ReadUpload, readUpload } from "#app/awards/imports/read-upload.ts";
import { type Settling, settleEditionOn, settleListPageOn } from "#app/awards/imports/settle-page.server.ts";
import { importRunning } from "#app/awards/imports/start-import.server.ts";
import type { MovieList } from "#app/awards/lists/lists.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";

type Trx = Kysely<Database>;

export interface UploadedFile {
  name: string;
  bytes: Uint8Array;
  requestedBy: string;
}

/**
 * Imports what an operator has saved in a browser: a page of the list, an edition of the event, or the list's CSV export
 * (L-08). At once, in one transaction, through the same door as fetched pages.
 *
 * @param note writes the deed down, on the same transaction
 * @throws AppError: the file is no page of this list, or seems to be another one's export, with what to do · LIST_IMPORT_RUNNING (409) · LIST_INACTIVE (409)
 */
export async function importUpload(
  { db, isTmdbOn }: { db: Db; isTmdbOn: boolean },
  list: MovieList,
  file: UploadedFile,
  note: (trx: Trx, importId: string) => Promise<void> = async () => {},
): Promise<{ importId: string; found: number; added: number }> {
  requireActive(list);
  const read = readUpload(list, file);
  if (isEmpty(read))
    throw new AppError(
      "EMPTY_PAGE",
      422,
      "Nothing stands on this page, so nothing was changed. Open it in your browser, wait until it is whole, and save it again.",
    );
  return db.transaction().execute(async (trx) => {
    const at =
      "page" in read
        ? { year: 0, page: read.page.page }
        : { year: read.edition.year, page: read.edition.instance };
    const { importId, isNew } = await openImport(trx, list, {
      trigger: read.trigger,
      isWhole: "page" in read && read.page.page === 1 && !read.page.hasNextPage,
      years: at.year === 0 ? [] : [at.year],
      requestedBy: file.requestedBy,
    });
    if (!isNew) throw importRunning();
    if (read.trigger === "upload_csv" && "page" in read) await checkSameList(trx, list, read.page);
    await addPages(trx, importId, [at]);
    const settling: Settling = { list, importId, at, isTmdbOn };
    await ("page" in read
      ? settleListPageOn(trx, settling, { page: read.page, way: read.trigger })
      : settleEditionOn(trx, settling, { page: read.edition, way: read.trigger }));
    await note(trx, importId);
    const { rows } = await sql<{ found: number; added: number }>`
      select (select coalesce(sum(found), 0)::int from list_import_pages where import_id = one.id) as found, added
      from list_imports as one where id = ${importId}::bigint`.execute(trx);
    return { importId, found: rows[0]?.found ?? 0, added: rows[0]?.added ?? 0 };
  });
}

/** Fewer titles say nothing about whose export a file is. */
const LEAST_TITLES = 10;
const LEAST_SHARE = 0.2;

/** An export does not say of which list it is: one that has next to nothing in common with this one would mark all its titles as gone. */
async function checkSameList(trx: Trx, list: MovieList, { entries }: ScrapedListPage): Promise<void> {
  const ids = sql.val(entries.map((entry) => entry.imdbId));
  const { rows } = await sql<{ present: number; shared: number }>`
    select count(*)::int as present, (count(*) filter (where imdb_id = any(${ids}::text[])))::int as shared
    from list_entries where list_id = ${list.id}::bigint and gone_at is null`.execute(trx);
  const { present = 0, shared = 0 } = rows[0] ?? {};
  if (present < LEAST_TITLES || shared >= present * LEAST_SHARE) return;
  throw new AppError(
    "EXPORT_OF_ANOTHER_LIST",
    422,
    `Of the ${present} titles of this list the file has ${shared}, so it seems to be the export of another one. Nothing was changed. Choose the export of this list.`,
    { present, shared },
  );
}

const isEmpty = (read: ReadUpload): boolean =>
  "page" in read
    ? read.page.entries.length === 0
    : !read.edition.awards.some((award) => award.categories.some((one) => one.nominations.length > 0));
