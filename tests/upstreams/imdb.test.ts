import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { circuitStates, forgetCircuits } from "#app/upstreams/circuit.server.ts";
import { fetchEventEdition, fetchListPage, needsAnotherWay } from "#app/upstreams/imdb/client.server.ts";
import * as tmdb from "#app/upstreams/tmdb/client.server.ts";
import type { FaultRule } from "#sandbox/faults.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db } = await testDatabase();
const sandbox = await startSandbox({ rateLimit: null });
const settings = sandbox.control.settings();
afterAll(async () => {
  await flushCallLog();
  await sandbox.close();
});
beforeEach(async () => {
  await sql`truncate upstream_budgets, upstream_cache, upstream_circuits, upstream_calls`.execute(db);
  forgetCircuits(db);
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
  sandbox.control.configure(settings);
});

const ctx = contextFor(db, sandbox);
const calls = () => sandbox.control.requests("imdb");
const HUNDRED = { listId: "ls050000100" };
const THOUSAND = { listId: "ls050001000" };
const CANNES = { eventId: "ev0000147", year: 2024 };

function answerOnce(fault: FaultRule["fault"], match: FaultRule["match"] = {}): void {
  sandbox.control.addFault({ service: "imdb", times: 1, match, fault });
}

const html = { "content-type": "text/html" };
const CHALLENGE: FaultRule["fault"] = {
  kind: "status",
  status: 202,
  body: "",
  headers: { ...html, "x-amzn-waf-action": "challenge" },
};

describe("L-03 IMDb's lists", () => {
  it("gives a list with its name, its total and its titles, and keeps it for an hour", async () => {
    const first = await fetchListPage(ctx, HUNDRED);
    expect(first.value).toMatchObject({
      ...{ listId: "ls050000100", name: "One hundred films", declaredTotal: 100, page: 1 },
      ...{ hasNextPage: false, nextCursor: null, notTitles: 0, readFrom: "next_data" },
    });
    expect(first.value?.entries.map((entry) => entry.position)).toEqual(
      Array.from({ length: 100 }, (_, at) => at + 1),
    );
    expect(new Set(first.value?.entries.map((entry) => entry.kind))).toEqual(
      new Set(["movie", "tv", "episode"]),
    );
    expect(await fetchListPage(ctx, HUNDRED)).toMatchObject({ value: first.value, source: "cache" });
    expect(calls()).toMatchObject([{ path: "/list/ls050000100/", query: {} }]);
  });

  it("goes through a list of a thousand: gaps stay gaps, and less is found than declared", async () => {
    const pages = await Promise.all(
      [1, 2, 3, 4].map(async (page) => (await fetchListPage(ctx, { ...THOUSAND, page })).value),
    );
    expect(pages.map((page) => [page?.hasNextPage, page?.nextCursor !== null])).toEqual([
      ...[
        [true, true],
        [true, true],
        [true, true],
      ],
      [false, false],
    ]);
    const positions = pages.flatMap((page) => page?.entries.map((entry) => entry.position) ?? []);
    expect(positions).toHaveLength(996);
    expect([40, 41, 333, 777].filter((position) => positions.includes(position))).toEqual([]);
    expect(new Set(pages.flatMap((page) => page?.entries.map((entry) => entry.imdbId) ?? [])).size).toBe(996);
    expect(pages[3]).toMatchObject({ declaredTotal: 1000, name: "A thousand & one <nights>" });
  });

  it("takes the list keeper's words along", async () => {
    const { value } = await fetchListPage(ctx, { listId: "ls050000120" });
    expect(value?.entries.slice(0, 3).map((entry) => entry.description)).toEqual([
      "Nominated: Palme d'Or",
      "Won: Grand Prix",
      null,
    ]);
  });

  it("names titles that TMDB finds by their id", async () => {
    const { value } = await fetchListPage(ctx, HUNDRED);
    for (const kind of ["movie", "tv"] as const) {
      const entry = value!.entries.find((each) => each.kind === kind)!;
      const found = await tmdb.findByExternalId(ctx, "imdb_id", entry.imdbId);
      expect(JSON.stringify(found.value)).toContain(entry.title);
    }
  });

  it("an empty list is empty, an unknown one is null, and both are known for an hour", async () => {
    expect((await fetchListPage(ctx, { listId: "ls050000000" })).value).toMatchObject({
      ...{ declaredTotal: 0, entries: [], hasNextPage: false },
    });
    expect((await fetchListPage(ctx, { listId: "ls050000404" })).value).toBeNull();
    await fetchListPage(ctx, { listId: "ls050000404" });
    expect(calls()).toHaveLength(2);
  });

  it("does not take the first page for a later one", async () => {
    const error = await failureOf(fetchListPage(ctx, { ...HUNDRED, page: 2 }));
    expect(error).toMatchObject({ code: "BAD_ANSWER", detail: "PAGE_NOT_UNDERSTOOD, OTHER_PAGE" });
  });

  it("does with less: linked data, then links", async () => {
    const { value: whole } = await fetchListPage(ctx, HUNDRED);
    for (const imdbPages of ["linked_data", "html"] as const) {
      await sql`truncate upstream_cache`.execute(db);
      sandbox.control.configure({ imdbPages });
      const { value } = await fetchListPage(ctx, HUNDRED);
      expect(value).toMatchObject({ readFrom: imdbPages, declaredTotal: 100, name: whole?.name });
      expect(value?.entries.map(({ imdbId, title, position }) => [imdbId, title, position])).toEqual(
        whole?.entries.map(({ imdbId, title, position }) => [imdbId, title, position]),
      );
    }
  });
});

describe("L-03 IMDb's events", () => {
  it("gives an edition with its awards, categories and nominations", async () => {
    const { value } = await fetchEventEdition(ctx, CANNES);
    expect(value).toMatchObject({
      ...{ eventId: "ev0000147", eventName: "Cannes Film Festival", year: 2024, instance: 1 },
      ...{ location: "Cannes, France", startDate: "2024-05-14", endDate: "2024-05-25" },
    });
    const palme = value!.awards[0]!;
    expect(palme).toMatchObject({ name: "Palme d'Or", hasMore: false });
    expect(palme.categories).toMatchObject([{ name: null, declaredTotal: 20, hasMore: false }]);
    expect(palme.categories[0]!.nominations.filter((each) => each.isWinner)).toHaveLength(1);
    expect(value!.otherEditions[0]).toEqual({ year: 2026, instance: 1 });
    expect(value!.otherEditions).not.toContainEqual({ year: 2020, instance: 1 });
  });

  it("finds the film wherever it stands, and says who is honoured", async () => {
    const { value } = await fetchEventEdition(ctx, { eventId: "ev0000003", year: 2020 });
    const of = (name: string) =>
      value!.awards.flatMap((award) => award.categories).find((each) => each.name === name)!.nominations;
    const film = of("Best Picture")[0]!;
    const actor = of("Best Actor in a Leading Role")[0]!;
    const abroad = of("Best International Feature Film")[0]!;
    expect(film).toMatchObject({ awarded: "titles", titles: [{ kind: "movie" }] });
    expect(actor).toMatchObject({ awarded: "persons", titles: [{ kind: "movie" }], persons: [{}] });
    expect(abroad.companies).toHaveLength(1);
    expect(value!.awards[1]!.categories[0]!.nominations[0]).toMatchObject({ titles: [], persons: [{}] });
  });

  it("keeps two nominations of one film apart", async () => {
    const { value } = await fetchEventEdition(ctx, { eventId: "ev0000003", year: 2020 });
    const songs = value!.awards[0]!.categories.find((each) => each.name === "Best Original Song")!;
    const [one, two] = songs.nominations;
    expect(one?.titles).toEqual(two?.titles);
    expect(one?.id).not.toBe(two?.id);
    expect(one?.songs).not.toEqual(two?.songs);
  });

  it("says when the page holds fewer nominations than there are", async () => {
    const { value } = await fetchEventEdition(ctx, CANNES);
    const camera = value!.awards.find((award) => award.name === "Golden Camera")!.categories[0]!;
    expect(camera).toMatchObject({ declaredTotal: 29, hasMore: true });
    expect(camera.nominations).toHaveLength(25);
  });

  it("tells two editions of one year apart, and a year without one", async () => {
    const oscars = { eventId: "ev0000003", year: 1930 };
    const first = await fetchEventEdition(ctx, oscars);
    const second = await fetchEventEdition(ctx, { ...oscars, instance: 2 });
    expect([first.value?.instance, second.value?.instance]).toEqual([1, 2]);
    expect(first.value?.otherEditions).toContainEqual({ year: 1930, instance: 2 });
    expect(first.value?.awards).not.toEqual(second.value?.awards);
    expect((await fetchEventEdition(ctx, { ...oscars, instance: 3 })).value).toBeNull();
    expect((await fetchEventEdition(ctx, { ...CANNES, year: 2020 })).value).toBeNull();
  });

  it("does with the page's award sections", async () => {
    const { value: whole } = await fetchEventEdition(ctx, { eventId: "ev0000003", year: 2020 });
    await sql`truncate upstream_cache`.execute(db);
    sandbox.control.configure({ imdbPages: "html" });
    const { value } = await fetchEventEdition(ctx, { eventId: "ev0000003", year: 2020 });
    expect(value?.readFrom).toBe("html");
    const facts = (edition: typeof value) =>
      edition?.awards.map(({ name, categories }) => ({
        name,
        categories: categories.map((category) => ({
          name: category.name,
          nominations: category.nominations.map(({ isWinner, titles, persons }) => ({
            ...{ isWinner, persons, titles: titles.map((each) => [each.imdbId, each.title]) },
          })),
        })),
      }));
    expect(facts(value)).toEqual(facts(whole));
  });
});

describe("L-08 IMDb takes us for a robot", () => {
  it.each<[string, FaultRule["fault"]]>([
    ["an empty 202", CHALLENGE],
    ["an empty 202 without its header", { kind: "status", status: 202, body: "", headers: html }],
    ["a captcha", { kind: "status", status: 405, body: "<html>Human?</html>", headers: html }],
    ["a plain 403", { kind: "status", status: 403, body: "<html>403 Forbidden</html>", headers: html }],
    ["a 200 that asks to prove something", { kind: "html" }],
    [
      "a 200 with a script of the firewall",
      {
        kind: "status",
        status: 200,
        headers: html,
        body: '<html><body><div id="challenge-container"></div><script src="https://x.token.awswaf.com/challenge.js"></script></body></html>',
      },
    ],
  ])("sees %s, keeps nothing and asks no more", async (_name, fault) => {
    answerOnce(fault);
    const error = await failureOf(fetchListPage(ctx, HUNDRED));
    expect(error).toMatchObject({ name: "UpstreamPaused", service: "imdb", reasonCode: "CHALLENGED" });
    expect(needsAnotherWay(error)).toBe(true);
    expect(await failureOf(fetchEventEdition(ctx, CANNES))).toMatchObject({ name: "UpstreamPaused" });
    expect(calls()).toHaveLength(1);
    expect((await circuitStates(db)).find((state) => state.service === "imdb")).toMatchObject({
      ...{ state: "open", reasonCode: "CHALLENGED", retryAt: expect.any(Date) },
    });
    expect((await sql`select 1 from upstream_cache where status is not null`.execute(db)).rows).toEqual([]);
  });

  it("gives nothing old instead, because there are other ways on", async () => {
    await fetchListPage(ctx, HUNDRED);
    await sql`update upstream_cache set expires_at = clock_timestamp() - interval '1 second'`.execute(db);
    answerOnce(CHALLENGE);
    expect(needsAnotherWay(await failureOf(fetchListPage(ctx, HUNDRED)))).toBe(true);
  });

  it("leaves the door open when only a later page is refused", async () => {
    answerOnce({ kind: "status", status: 403, body: "no", headers: html }, { query: { page: "2" } });
    const error = await failureOf(fetchListPage(ctx, { ...THOUSAND, page: 2 }));
    expect(error).toMatchObject({ code: "REFUSED", detail: "LATER_PAGE", retryable: false });
    expect(needsAnotherWay(error)).toBe(true);
    expect((await fetchListPage(ctx, HUNDRED)).value?.entries).toHaveLength(100);
  });

  it.each<[string, string, boolean]>([
    [
      "of another list",
      '{"props":{"pageProps":{"mainColumnData":{"list":{"id":"ls099999999","titleListItemSearch":{"edges":[]}}}}}}',
      false,
    ],
    ["of something else", '{"props":{"pageProps":{"aboveTheFoldData":{"id":"tt0113277"}}}}', false],
    ["with its data cut off", '{"props":{"pageProps":{"mainColumnData":{"list":{"id":"ls05', true],
  ])("does not take a page %s for the list", async (_name, data, retryable) => {
    const body = `<html><a href="/title/tt0113277/">Heat</a><script id="__NEXT_DATA__" type="application/json">${data}</script></html>`;
    answerOnce({ kind: "status", status: 200, body, headers: html });
    const error = await failureOf(fetchListPage(ctx, HUNDRED));
    expect(error).toMatchObject({
      code: "BAD_ANSWER",
      detail: expect.stringMatching(/^PAGE_NOT_UNDERSTOOD, /),
      retryable,
    });
    expect(needsAnotherWay(error)).toBe(true);
  });

  it("a broken connection and a fault of IMDb's are no reason for another way", async () => {
    for (const fault of [{ kind: "truncate" }, { kind: "status", status: 503, body: "" }] as const) {
      sandbox.control.clearFaults();
      sandbox.control.addFault({ service: "imdb", fault });
      const error = await failureOf(fetchListPage(ctx, HUNDRED));
      expect(error).toMatchObject({ name: "UpstreamError", retryable: true });
      expect(needsAnotherWay(error)).toBe(false);
    }
  });
});
