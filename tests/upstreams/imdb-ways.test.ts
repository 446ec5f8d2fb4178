import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#app/errors.ts";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { forgetCircuits } from "#app/upstreams/circuit.server.ts";
import { eventFrom, eventPath, listIdFrom, listPath } from "#app/upstreams/imdb/addresses.ts";
import { fetchEventEdition, fetchListPage } from "#app/upstreams/imdb/client.server.ts";
import { readListExport } from "#app/upstreams/imdb/list-export.ts";
import { MAX_SAVED_BYTES, readSavedEvent, readSavedList } from "#app/upstreams/imdb/saved-page.ts";
import { extractEventEdition, extractListPage } from "#app/upstreams/imdb/through-tabstack.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db } = await testDatabase();
const sandbox = await startSandbox({ rateLimit: null, tabstackRateLimit: null });
afterAll(async () => {
  await flushCallLog();
  await sandbox.close();
});
beforeEach(async () => {
  await sql`truncate upstream_budgets, upstream_cache, upstream_circuits`.execute(db);
  forgetCircuits(db);
  sandbox.control.clearFaults();
});

const ctx = contextFor(db, sandbox);
const list = { listId: "ls050001000" };
const oscars = { eventId: "ev0000003", year: 2020 };

const bytes = (text: string) => new TextEncoder().encode(text);
const saved = async (path: string) => (await fetch(sandbox.imdbUrl + path)).text();

function refusal(work: () => unknown): { code: string; status: number; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError)
      return { code: error.code, status: error.status, message: error.userMessage };
    throw error;
  }
  throw new Error("It was expected to be refused.");
}

describe("L-08 a page that was saved in a browser", () => {
  it("is read like the page itself, and says by its positions which page of a list it is", async () => {
    for (const page of [1, 3]) {
      const { value } = await fetchListPage(ctx, { ...list, page });
      expect(readSavedList(bytes(await saved(listPath({ ...list, page }))), list)).toEqual(value);
    }
    const { value } = await fetchEventEdition(ctx, oscars);
    const path = eventPath({ ...oscars, instance: 1 });
    expect(readSavedEvent(bytes(await saved(path)), { eventId: oscars.eventId })).toEqual(value);
  });

  it.each<[string, (text: string) => Uint8Array]>([
    ["UTF-8 with its mark", (text) => bytes(`\ufeff${text}`)],
    ["UTF-16", (text) => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"))],
    [
      "Windows-1252",
      (text) => new Uint8Array(Buffer.from(text.replaceAll(/[^\x20-\xff\n]/g, "?"), "latin1")),
    ],
  ])("may be %s", async (_name, encode) => {
    const page = await saved("/list/ls050000100/");
    const text = page.replaceAll("One hundred films", "Cent films d'été");
    expect(readSavedList(encode(text), { listId: "ls050000100" })).toMatchObject({
      ...{ name: "Cent films d'été", declaredTotal: 100 },
    });
  });

  it("is refused when it is something else, with what to do", async () => {
    const page = await saved("/list/ls050000100/");
    const event = await saved("/event/ev0000003/2020/1/");
    const asked = { listId: "ls050000100" };
    const of = (text: string) => refusal(() => readSavedList(bytes(text), asked));
    expect(of("")).toMatchObject({ code: "SAVED_PAGE_EMPTY", status: 422 });
    expect(of("<html><body><h1>Human verification</h1></body></html>")).toMatchObject({
      ...{ code: "SAVED_PAGE_IS_CHALLENGE", message: expect.stringContaining("check for robots") },
    });
    expect(of(await saved("/list/ls050000120/"))).toMatchObject({
      ...{ code: "SAVED_PAGE_IS_ANOTHER", message: expect.stringContaining("ls050000120") },
    });
    expect(of(event).code).toBe("SAVED_PAGE_NOT_UNDERSTOOD");
    sandbox.control.configure({ imdbPages: "cut_off" });
    const cut = await saved("/event/ev0000003/2020/1/");
    sandbox.control.configure({ imdbPages: "whole" });
    expect(refusal(() => readSavedEvent(bytes(cut), oscars))).toMatchObject({
      ...{ code: "SAVED_PAGE_NOT_UNDERSTOOD", message: expect.stringContaining("incompletely") },
    });
    expect(of("Position,Const\n1,tt0113277\n")).toMatchObject({ code: "SAVED_PAGE_NOT_HTML", status: 415 });
    expect(of("From: <Saved by Blink>\nMIME-Version: 1.0\n<html>").code).toBe("SAVED_PAGE_NOT_HTML");
    expect(of("PK\u0003\u0004 and so on").code).toBe("SAVED_PAGE_NOT_HTML");
    expect(refusal(() => readSavedList(new Uint8Array(MAX_SAVED_BYTES + 1), asked))).toMatchObject({
      ...{ code: "SAVED_PAGE_TOO_LARGE", status: 413 },
    });
    const other = { ...oscars, year: 2019 };
    expect(refusal(() => readSavedEvent(bytes(event), other)).message).toContain(
      "2020, not event ev0000003 of 2019",
    );
    expect(refusal(() => readSavedEvent(bytes(page), oscars)).code).toBe("SAVED_PAGE_NOT_UNDERSTOOD");
  });
});

describe("L-08 a list's own CSV export", () => {
  const current =
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated";
  const rows = [
    '3,tt0211915,2024-02-08,2024-02-08,"Won: César, twice",Amélie,Le fabuleux destin d\'Amélie Poulain,u,Film,8.3,122,2001,Comedy,8,2001-04-25,x,,',
    "4,tt0903747,2024-02-08,2024-02-08,,Breaking Bad,Breaking Bad,u,Serie TV,9.5,45,2008,Crime,2,2008-01-20,,10,2024-01-01",
    "5,nm0000134,2024-02-08,2024-02-08,,A person,,u,,,,,,,,,,",
    "6,tt0959621,2024-02-08,2024-02-08,,Pilot,Pilot,u,TV Episode,9,58,2008,Crime,2,2008-01-20,,,",
  ];
  const text = [current, ...rows].join("\r\n");

  it("is the whole list as one page", () => {
    expect(readListExport(bytes(text), { listId: "ls050000100", name: "Mine" })).toEqual({
      ...{ listId: "ls050000100", name: "Mine", declaredTotal: 4, page: 1, hasNextPage: false },
      ...{ nextCursor: null, notTitles: 1, readFrom: "csv" },
      entries: [
        {
          ...{ imdbId: "tt0211915", title: "Amélie", originalTitle: "Le fabuleux destin d'Amélie Poulain" },
          ...{ year: 2001, kind: "movie", position: 3, description: "Won: César, twice" },
        },
        {
          ...{ imdbId: "tt0903747", title: "Breaking Bad", originalTitle: null },
          ...{ year: 2008, kind: "tv", position: 4, description: null },
        },
        {
          ...{ imdbId: "tt0959621", title: "Pilot", originalTitle: null },
          ...{ year: 2008, kind: "episode", position: 6, description: null },
        },
      ],
    });
  });

  it.each<[string, Uint8Array]>([
    ["Windows-1252", new Uint8Array(Buffer.from(text, "latin1"))],
    ["UTF-16", new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"))],
    ["re-saved with semicolons", bytes(`sep=;\r\n${text.replaceAll(",", ";").replace("César;", "César,")}`)],
  ])("may be %s", (_name, file) => {
    const { entries } = readListExport(file, { listId: "ls050000100" });
    expect(entries.map((entry) => entry.title)).toEqual(["Amélie", "Breaking Bad", "Pilot"]);
    expect(entries[0]?.description).toBe("Won: César, twice");
  });

  it("is refused when it is something else", () => {
    const of = (file: string) =>
      refusal(() => readListExport(bytes(file), { listId: "ls050000100", fileName: "a.csv" }));
    expect(of("").code).toBe("EXPORT_EMPTY");
    expect(of("Date,Name,Year\n2024-01-01,Heat,1995\n")).toMatchObject({
      ...{ code: "NOT_A_LIST_EXPORT", message: expect.stringContaining("no column Position, Const, Title") },
    });
    expect(of("Const,Your Rating,Date Rated,Title\ntt0113277,9,2024-01-01,Heat\n").message).toContain(
      "export of ratings",
    );
    expect(of("PK\u0003\u0004").code).toBe("ZIP_FILE");
    expect(of("<html></html>").code).toBe("NOT_A_LIST_EXPORT");
  });
});

describe("L-08 a page through Tabstack", () => {
  it("says of a list what the page says", async () => {
    for (const page of [1, 2]) {
      const { value: whole } = await fetchListPage(ctx, { ...list, page });
      const { value } = await extractListPage(ctx, { ...list, page });
      expect({ ...value, nextCursor: null }).toEqual({
        ...whole,
        nextCursor: null,
        readFrom: "tabstack",
        // A film's original title and its kind are not on the page in words.
        entries: whole?.entries.map((entry) => ({
          ...{ ...entry, originalTitle: null, kind: entry.kind === "movie" ? null : entry.kind },
        })),
      });
    }
  });

  it("says of an event who is nominated and who has won", async () => {
    const { value: whole } = await fetchEventEdition(ctx, oscars);
    const { value } = await extractEventEdition(ctx, oscars);
    expect(value).toMatchObject({ readFrom: "tabstack", eventName: whole?.eventName, year: 2020 });
    const facts = (edition: typeof whole) =>
      edition?.awards.map(({ name, categories }) => [
        name,
        categories.map((category) => [
          category.name,
          category.nominations.map((each) => [each.isWinner, each.titles[0]?.imdbId, each.persons]),
        ]),
      ]);
    expect(facts(value)).toEqual(facts(whole));
  });

  it("null is a page that does not exist", async () => {
    expect((await extractListPage(ctx, { listId: "ls050000404" })).value).toBeNull();
    expect((await extractEventEdition(ctx, { eventId: "ev0000147", year: 2020 })).value).toBeNull();
  });

  it.each<[string, unknown, string]>([
    ["nothing at all", { name: null, totalTitles: null, entries: [] }, "NOTHING_EXTRACTED"],
    [
      "titles without links",
      { entries: [{ title: "Heat", url: "https://example.com/" }, 7, null] },
      "NOTHING_EXTRACTED",
    ],
    [
      "the first page again",
      { entries: [{ position: 1, title: "Heat", url: "/title/tt0113277/" }] },
      "OTHER_PAGE",
    ],
  ])("is not taken for a page when it holds %s", async (_name, body, detail) => {
    sandbox.control.addFault({ service: "tabstack", fault: { kind: "status", status: 200, body } });
    const error = await failureOf(extractListPage(ctx, { ...list, page: 2 }));
    expect(error).toMatchObject({ service: "tabstack", code: "BAD_ANSWER", detail, retryable: false });
  });

  it("is not taken for another year's edition, nor without a nomination", async () => {
    for (const [body, detail] of [
      [{ year: 2019, awards: [] }, "OTHER_PAGE"],
      [
        { year: 2020, awards: [{ award: "Oscar", nominations: [{ titles: [{ title: "Heat" }] }] }] },
        "NOTHING_EXTRACTED",
      ],
    ] as const) {
      sandbox.control.clearFaults();
      sandbox.control.addFault({ service: "tabstack", fault: { kind: "status", status: 200, body } });
      expect(await failureOf(extractEventEdition(ctx, oscars))).toMatchObject({ detail });
    }
  });

  it("without a token says how to turn it on", async () => {
    const off = contextFor(db, sandbox, { TABSTACK_TOKEN: "" });
    expect(await failureOf(extractListPage(off, list))).toMatchObject({ code: "UPSTREAM_OFF" });
  });
});

describe("L-01 addresses", () => {
  it.each([
    ["https://www.imdb.com/list/ls050001000/?sort=list_order,asc", "ls050001000"],
    [" ls050001000 ", "ls050001000"],
    ["https://www.imdb.com/title/tt0113277/", null],
    ["xls050001000", null],
  ])("finds the list in %s", (text, listId) => {
    expect(listIdFrom(text)).toBe(listId);
  });

  it.each([
    [
      "https://www.imdb.com/event/ev0000003/1930/2/?ref_=x",
      { eventId: "ev0000003", year: 1930, instance: 2 },
    ],
    ["https://www.imdb.com/event/ev0000003/2024/", { eventId: "ev0000003", year: 2024, instance: null }],
    ["ev0000003", { eventId: "ev0000003", year: null, instance: null }],
    ["ls050001000", null],
  ])("finds the event in %s", (text, event) => {
    expect(eventFrom(text)).toEqual(event);
  });
});
