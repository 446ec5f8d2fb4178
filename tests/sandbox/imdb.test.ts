import { describe, expect, it } from "vitest";
import { runningSandbox } from "./running-sandbox.ts";

const sandbox = await runningSandbox();

async function page(path: string): Promise<{ status: number; type: string | null; text: string }> {
  const answer = await fetch(sandbox.imdbUrl + path);
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

const titlesIn = (text: string) => new Set(text.match(/"listItem":\{"id":"tt\d+"/g) ?? []);

describe("the sandbox's IMDb", () => {
  it("shows lists as pages of 250 with their data and their own address", async () => {
    const first = await page("/list/ls050001000/");
    expect(first).toMatchObject({ status: 200, type: "text/html;charset=utf-8" });
    expect(first.text).toContain('<link rel="canonical" href="https://www.imdb.com/list/ls050001000/"/>');
    expect(titlesIn(first.text).size).toBe(248);
    const last = await page("/list/ls050001000/?page=4");
    expect(titlesIn(last.text).size).toBe(249);
    expect((await page("/list/ls050001000/?page=5")).text).toBe(first.text);
  });

  it("says the same every time, and shows any list but those whose id ends in 404", async () => {
    expect((await page("/list/ls123456789/")).text).toBe((await page("/list/ls123456789/")).text);
    expect((await page("/list/ls123456404/")).status).toBe(404);
  });

  it("holds events year by year, and nothing for a year without one", async () => {
    for (const path of ["/event/ev0000003/1930/1/", "/event/ev0000003/1930/2/", "/event/ev0000147/2024/1/"])
      expect((await page(path)).status).toBe(200);
    for (const path of [
      "/event/ev0000003/1931/2/",
      "/event/ev0000147/2020/1/",
      "/event/ev9999999/2024/1/",
      "/chart/top/",
    ])
      expect((await page(path)).status).toBe(404);
  });

  it.each([
    ["whole", true, true],
    ["linked_data", false, true],
    ["html", false, false],
  ] as const)("carries on a page as much as the setting says: %s", async (imdbPages, data, linked) => {
    sandbox.control.configure({ imdbPages });
    const { text } = await page("/list/ls050000100/");
    expect([text.includes("__NEXT_DATA__"), text.includes("ld+json")]).toEqual([data, linked]);
  });

  it("challenges on demand", async () => {
    sandbox.control.addFault({
      service: "imdb",
      match: { path: "/list/" },
      fault: { kind: "status", status: 202, body: "", headers: { "x-amzn-waf-action": "challenge" } },
    });
    expect(await page("/list/ls050000100/")).toMatchObject({ status: 202, text: "" });
    expect((await page("/event/ev0000003/2020/1/")).status).toBe(200);
    expect(sandbox.control.requests("imdb").map((request) => request.fault)).toEqual(["status", null]);
  });
});
