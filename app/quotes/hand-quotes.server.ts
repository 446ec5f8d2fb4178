import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { formatHandText, parseHandText } from "#app/quotes/hand-text.ts";
import type { QuoteLine } from "#app/quotes/line-type.ts";
import { dropSilentCharacters, lockWork, readStored, writeLines } from "#app/quotes/store-quotes.server.ts";
import { wordsOf } from "#app/quotes/words.ts";
import { wordsKey } from "#app/quotes/words-key.server.ts";

/**
 * Writes a quote down by hand.
 *
 * @param text a line each, as `parseHandText` reads them
 * @returns its id
 * @throws AppError WORK_NOT_FOUND (404) · QUOTE_EMPTY (422) · QUOTE_EXISTS (409)
 */
export async function addQuote(trx: Kysely<Database>, workId: string, text: string): Promise<string> {
  const lines = readLines(text);
  const key = wordsKey(wordsOf(lines));
  await lockOrRefuse(trx, workId);
  await refuseTwin(trx, workId, key, null);
  const { quote_id: quoteId } = await trx
    .insertInto("quotes")
    .values({ work_id: workId, source: "manual", words_key: key })
    .returning("quote_id")
    .executeTakeFirstOrThrow();
  await writeLines(trx, workId, [{ quoteId, lines }]);
  await touch(trx, workId);
  return quoteId;
}

/**
 * Changes the words of a quote. One of IMDb's stays as it is now whatever later fetches bring.
 *
 * @returns whether anything changed
 * @throws AppError as `addQuote` · QUOTE_NOT_FOUND (404)
 */
export async function editQuote(
  trx: Kysely<Database>,
  workId: string,
  quoteId: string,
  text: string,
): Promise<boolean> {
  const lines = readLines(text);
  const key = wordsKey(wordsOf(lines));
  const quote = await findQuote(trx, workId, quoteId);
  if (formatHandText(quote.lines) === formatHandText(lines)) return false;
  await refuseTwin(trx, workId, key, quoteId);
  await trx
    .updateTable("quotes")
    .set({
      words_key: key,
      edited_at: quote.source === "imdb" ? sql<Date>`clock_timestamp()` : null,
      updated_at: sql<Date>`clock_timestamp()`,
    })
    .where("quote_id", "=", quoteId)
    .execute();
  await writeLines(trx, workId, [{ quoteId, lines }]);
  await touch(trx, workId);
  return true;
}

/**
 * Deletes a quote. One of IMDb's leaves a mark, so that no fetch brings it back.
 *
 * @throws AppError WORK_NOT_FOUND (404) · QUOTE_NOT_FOUND (404)
 */
export async function deleteQuote(trx: Kysely<Database>, workId: string, quoteId: string): Promise<void> {
  const quote = await findQuote(trx, workId, quoteId);
  if (quote.source === "manual") await trx.deleteFrom("quotes").where("quote_id", "=", quoteId).execute();
  else {
    await trx.deleteFrom("quote_lines").where("quote_id", "=", quoteId).execute();
    await trx
      .updateTable("quotes")
      .set({ deleted_at: sql<Date>`clock_timestamp()`, updated_at: sql<Date>`clock_timestamp()` })
      .where("quote_id", "=", quoteId)
      .execute();
  }
  await dropSilentCharacters(trx, workId);
  await touch(trx, workId);
}

function readLines(text: string): QuoteLine[] {
  const lines = parseHandText(text);
  if (lines.length === 0)
    throw new AppError("QUOTE_EMPTY", 422, "The quote has no words. Write a line at least, then save it.");
  return lines;
}

async function lockOrRefuse(trx: Kysely<Database>, workId: string): Promise<void> {
  if (!(await lockWork(trx, workId)))
    throw new AppError("WORK_NOT_FOUND", 404, "There is no film or series with this id any more.");
}

async function findQuote(trx: Kysely<Database>, workId: string, quoteId: string) {
  await lockOrRefuse(trx, workId);
  const quote = (await readStored(trx, workId)).find((one) => one.quoteId === quoteId && !one.isDeleted);
  if (quote) return quote;
  throw new AppError("QUOTE_NOT_FOUND", 404, "This quote is gone: somebody has deleted it. Reload the page.");
}

async function refuseTwin(
  trx: Kysely<Database>,
  workId: string,
  key: string,
  except: string | null,
): Promise<void> {
  const twin = (await readStored(trx, workId)).some(
    (one) => !one.isDeleted && one.wordsKey === key && one.quoteId !== except,
  );
  if (twin)
    throw new AppError(
      "QUOTE_EXISTS",
      409,
      "A quote with these words stands already. Edit that one, or write other words.",
    );
}

/** Open pages of the work look here for what is new. */
async function touch(trx: Kysely<Database>, workId: string): Promise<void> {
  await trx
    .updateTable("quote_fetches")
    .set({ updated_at: sql<Date>`clock_timestamp()` })
    .where("work_id", "=", workId)
    .execute();
}
