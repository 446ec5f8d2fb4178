import { expect, test } from "vitest";
import { mergeQuotes } from "#app/quotes/fetch-quotes.server.ts";
import { addQuote } from "#app/quotes/hand-quotes.server.ts";
import { quoteList } from "#app/quotes/quote-answers.ts";
import { errorOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const { db } = app;

test("Q-08 GET /media/:id/quotes gives a work's quotes, page by page", async () => {
  const { work_id: workId } = await db
    .insertInto("works")
    .values({ media_type: "movie", title: "Heat", title_key: "heat", imdb_id: "tt0113277" })
    .returning("work_id")
    .executeTakeFirstOrThrow();
  expect(quoteList.parse(await (await app.call(`/media/${workId}/quotes`)).json())).toEqual({
    quotes: [],
    total: 0,
    status: "pending",
    fetched_at: null,
    nextCursor: null,
  });
  await db.transaction().execute(async (trx) => {
    await mergeQuotes(trx, { workId, imdbId: "tt0113277" }, [
      { imdbQuoteId: "qt0451234", lines: [{ type: "narration", character: null, text: "It was late." }] },
    ]);
    await addQuote(trx, workId, "Vera: No.");
  });
  const first = quoteList.parse(await (await app.call(`/media/${workId}/quotes?limit=1`)).json());
  expect(first).toMatchObject({
    total: 2,
    status: "complete",
    quotes: [
      {
        source: "imdb",
        imdb_quote_id: "qt0451234",
        share_link: "https://www.imdb.com/title/tt0113277/quotes/?item=qt0451234",
        lines: [{ type: "narration", character: null, text: "It was late." }],
      },
    ],
  });
  const second = await app.call(`/media/${workId}/quotes?cursor=${first.nextCursor}`);
  expect(quoteList.parse(await second.json())).toMatchObject({
    quotes: [{ source: "manual", imdb_quote_id: null, lines: [{ character: "Vera", text: "No." }] }],
    nextCursor: null,
  });
});

test("GET /media/:id/quotes says what is wrong", async () => {
  expect(await errorOf(await app.call("/media/999999/quotes"))).toMatchObject({ code: "WORK_NOT_FOUND" });
  expect((await app.call("/media/1/quotes?limit=0")).status).toBe(400);
  expect((await fetch(`${app.origin}/media/1/quotes`)).status).toBe(401);
});
