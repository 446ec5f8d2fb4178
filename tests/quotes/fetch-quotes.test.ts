import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { acceptNone, fetchAgain } from "#app/quotes/ask-again.server.ts";
import { addQuote, deleteQuote, editQuote } from "#app/quotes/hand-quotes.server.ts";
import { formatHandText } from "#app/quotes/hand-text.ts";
import { mergeWorks } from "#app/works/merge-works.server.ts";
import { LONG, MISSING, NONE, quote, quoteDesk, ZOO } from "#tests/quotes/quote-desk.ts";

const desk = await quoteDesk();
const { db } = desk;

const texts = async (workId: string) =>
  (await desk.quotes(workId)).map(({ lines }) => lines.map(({ text }) => text).join(" / "));
const inTransaction = db.transaction.bind(db);
const act = <T>(deed: (trx: typeof db) => Promise<T>) => inTransaction().execute((trx) => deed(trx));

describe("Q-01, Q-02, Q-06 fetching", () => {
  it("asks with our schema, and stores lines, ids and characters once", async () => {
    const workId = await desk.addFilm(ZOO);
    await desk.fetch(workId);
    const quotes = await desk.quotes(workId);
    expect(quotes.map(({ lines }) => lines.map(({ type }) => type))).toEqual([
      ["dialogue"],
      ["stage_direction", "stage_direction", "dialogue", "stage_direction", "stage_direction", "dialogue"],
      ["narration"],
      ["stage_direction"],
      ["dialogue"],
    ]);
    expect(quotes.filter(({ imdbQuoteId }) => imdbQuoteId !== null)).toHaveLength(4);
    expect(quotes[0]?.shareLink).toMatch(
      /^https:\/\/www\.imdb\.com\/title\/tt0133093\/quotes\/\?item=qt\d{7}$/,
    );
    const characters = await db.selectFrom("characters").select("name").orderBy("name").execute();
    expect(characters.map(({ name }) => name)).toEqual(["Old Jonas", "Vera"]);
    expect(await desk.runs()).toMatchObject([
      {
        outcome: "completed",
        statistics: {
          outcome: "complete",
          quotesFound: 7,
          quotesImported: 5,
          quotesUpdated: 0,
          quotesSkipped: 2,
          charactersCreated: 2,
        },
      },
    ]);
    expect(await desk.state(workId)).toMatchObject({ status: "complete", due_at: null });
  });

  it("changes nothing the second time", async () => {
    const workId = await desk.addFilm(LONG);
    await desk.fetch(workId);
    const before = [await desk.quotes(workId), await db.selectFrom("quotes").selectAll().execute()];
    expect(before[0]).toHaveLength(241);
    await desk.fetch(workId);
    expect([await desk.quotes(workId), await db.selectFrom("quotes").selectAll().execute()]).toEqual(before);
    expect((await desk.runs()).at(-1)?.statistics).toMatchObject({
      quotesImported: 0,
      quotesUpdated: 0,
      quotesUnchanged: 241,
      charactersCreated: 0,
    });
  });

  it.each([
    ["no quotes", NONE],
    ["no page", MISSING],
  ])("%s is an answer: nothing is done, nothing is tried again", async (_name, imdbId) => {
    const workId = await desk.addFilm(imdbId);
    await desk.fetch(workId);
    expect(desk.calls()).toBe(1);
    expect(await desk.runs()).toMatchObject([{ outcome: "completed", statistics: { outcome: "none" } }]);
    expect(await desk.state(workId)).toMatchObject({ status: "none" });
  });

  it("leaves series, films without an IMDb id and films that are gone alone", async () => {
    await desk.fetch(await desk.addFilm("tt0903747", "tv"));
    await desk.fetch(await desk.addFilm(null));
    await desk.fetch("999999");
    expect(desk.calls()).toBe(0);
    expect((await desk.runs()).map(({ statistics }) => statistics?.outcome)).toEqual(
      Array(3).fill("skipped"),
    );
  });
});

describe("Q-04 trouble", () => {
  it("tries ten times, then the film says that it failed, and why", async () => {
    const workId = await desk.addFilm(ZOO);
    desk.answer({ error: "failed to fetch URL" }, 500);
    await desk.fetch(workId);
    expect(desk.calls()).toBe(10);
    expect((await desk.runs()).map(({ outcome }) => outcome)).toEqual([
      ...Array(9).fill("retrying"),
      "failed",
    ]);
    expect(await desk.state(workId)).toMatchObject({
      status: "failed",
      error_code: "HTTP_5XX",
      error_message: "Tabstack has an internal fault (HTTP 500).",
    });
    desk.sandbox.control.clearFaults();
    await act((trx) => fetchAgain(trx, desk.config, workId));
    await desk.drain();
    expect(await desk.state(workId)).toMatchObject({ status: "complete", error_code: null });
  });

  it("takes an answer of another shape for a fault, and goes on when it is over", async () => {
    const workId = await desk.addFilm(ZOO);
    desk.answer({ quotes: [{ lines: "none" }] }, 200, 1);
    desk.answer({}, 200, 1);
    await desk.fetch(workId);
    expect((await desk.runs()).map(({ outcome }) => outcome)).toEqual(["retrying", "retrying", "completed"]);
    expect(await desk.state(workId)).toMatchObject({ status: "complete" });
  });
});

describe("Q-05 merging with what stands", () => {
  it("updates by id, keeps what was written by hand, creates the rest", async () => {
    const workId = await desk.addFilm(ZOO);
    await act((trx) => addQuote(trx, workId, "Vera: Follow the lamp."));
    desk.answer({ quotes: [quote("qt0000001", "One."), quote("qt0000002", "follow the LAMP")] }, 200, 1);
    await desk.fetch(workId);
    desk.answer({ quotes: [quote("qt0000001", "One, then.", "Ines"), quote("qt0000003", "Three.")] }, 200, 1);
    await desk.fetch(workId);
    expect(await texts(workId)).toEqual(["Follow the lamp.", "One, then.", "Three."]);
    expect((await desk.runs()).map(({ statistics }) => statistics)).toMatchObject([
      { quotesImported: 1, quotesUpdated: 0, quotesSkipped: 1, charactersCreated: 0 },
      { quotesImported: 1, quotesUpdated: 1, quotesSkipped: 0, charactersCreated: 1 },
    ]);
  });

  it("brings back nothing that was deleted, and overwrites nothing that was edited", async () => {
    const workId = await desk.addFilm(ZOO);
    desk.answer({ quotes: [quote("qt0000001", "One."), quote("qt0000002", "Two."), quote(null, "Three.")] });
    await desk.fetch(workId);
    const [one, two, three] = await desk.quotes(workId);
    await act((trx) => editQuote(trx, workId, one!.quoteId, "Ines: [quietly] One, as I heard it."));
    await act((trx) => deleteQuote(trx, workId, two!.quoteId));
    await act((trx) => deleteQuote(trx, workId, three!.quoteId));
    await desk.fetch(workId);
    expect(await texts(workId)).toEqual(["quietly / One, as I heard it."]);
    expect((await desk.quotes(workId))[0]).toMatchObject({ isEdited: true, source: "imdb" });
    expect((await desk.runs()).at(-1)?.statistics).toMatchObject({ quotesSkipped: 3, quotesImported: 0 });
    // Nobody speaks Vera's lines any more.
    const characters = await db.selectFrom("characters").select("name").execute();
    expect(characters).toEqual([{ name: "Ines" }]);
  });

  it("keeps one of each when two works turn out to be one", async () => {
    const [from, into] = [await desk.addFilm(ZOO), await desk.addFilm(NONE)];
    desk.answer({ quotes: [quote("qt0000001", "One."), quote("qt0000002", "Two.")] }, 200, 1);
    await desk.fetch(from);
    desk.answer({ quotes: [quote("qt0000001", "One.", "VERA")] }, 200, 1);
    await desk.fetch(into);
    await act((trx) => mergeWorks(trx, from, into));
    expect(await texts(into)).toEqual(["Two.", "One."]);
    expect(await db.selectFrom("characters").select("name").execute()).toEqual([{ name: "VERA" }]);
  });
});

describe("Q-07 a page that is empty all at once", () => {
  it("is suspicious: nothing is deleted, somebody decides", async () => {
    const workId = await desk.addFilm(ZOO);
    desk.answer({ quotes: [quote("qt0000001", "One.")] }, 200, 1);
    await desk.fetch(workId);
    desk.answer({ quotes: [] }, 200, 1);
    await desk.fetch(workId);
    expect(await desk.state(workId)).toMatchObject({ status: "suspicious" });
    expect((await desk.runs()).at(-1)).toMatchObject({ statistics: { outcome: "suspicious" } });
    expect(await texts(workId)).toEqual(["One."]);

    await act((trx) => acceptNone(trx, workId));
    desk.answer({ error: "page not found" }, 404, 1);
    await desk.fetch(workId);
    expect(await desk.state(workId)).toMatchObject({ status: "none", is_empty_accepted: true });

    // Quotes again: the next silence is news again.
    desk.answer({ quotes: [quote("qt0000002", "Two.")] }, 200, 1);
    await desk.fetch(workId);
    desk.answer({ quotes: [] }, 200, 1);
    await desk.fetch(workId);
    expect(await desk.state(workId)).toMatchObject({ status: "suspicious", is_empty_accepted: false });
    expect(await texts(workId)).toEqual(["One.", "Two."]);
    await expect(act((trx) => acceptNone(trx, workId))).resolves.toBeUndefined();
    await expect(act((trx) => acceptNone(trx, workId))).rejects.toMatchObject({ code: "NOT_SUSPICIOUS" });
  });

  it("is none for a film whose quotes were all written by hand", async () => {
    const workId = await desk.addFilm(NONE);
    await act((trx) => addQuote(trx, workId, "Vera: No."));
    await desk.fetch(workId);
    expect(await desk.state(workId)).toMatchObject({ status: "none" });
  });
});

describe("Q-08 quotes by hand", () => {
  it("are written, changed and deleted, on series as well", async () => {
    const workId = await desk.addFilm("tt0903747", "tv");
    const quoteId = await act((trx) =>
      addQuote(
        trx,
        workId,
        "[a train passes]\r\nVera: [sighs] No.\n: Remember: knock\nNarrator: [narration] Late.",
      ),
    );
    const [added] = await desk.quotes(workId);
    expect(added).toMatchObject({ quoteId, source: "manual", imdbQuoteId: null, shareLink: null });
    expect(added?.lines).toEqual([
      { type: "stage_direction", character: null, text: "a train passes" },
      { type: "stage_direction", character: "Vera", text: "sighs" },
      { type: "dialogue", character: "Vera", text: "No." },
      { type: "dialogue", character: null, text: "Remember: knock" },
      { type: "narration", character: "Narrator", text: "Late." },
    ]);
    const text = formatHandText(added!.lines);
    expect(await act((trx) => editQuote(trx, workId, quoteId, text))).toBe(false);
    expect(await act((trx) => editQuote(trx, workId, quoteId, "Vera: Yes."))).toBe(true);
    expect(await texts(workId)).toEqual(["Yes."]);
    await expect(act((trx) => addQuote(trx, workId, "YES!"))).rejects.toMatchObject({ code: "QUOTE_EXISTS" });
    await expect(act((trx) => addQuote(trx, workId, " \n "))).rejects.toMatchObject({ code: "QUOTE_EMPTY" });
    await act((trx) => deleteQuote(trx, workId, quoteId));
    expect(await desk.quotes(workId)).toEqual([]);
    await expect(act((trx) => deleteQuote(trx, workId, quoteId))).rejects.toMatchObject({
      code: "QUOTE_NOT_FOUND",
    });
    expect((await sql`select from quotes`.execute(db)).rows).toHaveLength(0);
  });

  it("are those of their own work alone", async () => {
    const [one, other] = [await desk.addFilm(ZOO), await desk.addFilm(NONE)];
    const quoteId = await act((trx) => addQuote(trx, one, "Vera: No."));
    await expect(act((trx) => deleteQuote(trx, other, quoteId))).rejects.toMatchObject({ status: 404 });
    await expect(act((trx) => addQuote(trx, "999999", "Vera: No."))).rejects.toMatchObject({ status: 404 });
  });
});
