import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import {
  choose,
  csv,
  expectFitsTelephone,
  filmAt,
  haveImported,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";
import { statement } from "./statement.ts";
import { expect, test } from "./test.ts";

/** Has films in the library that no other test has. */
async function haveFilms(first: number, count: number): Promise<void> {
  await haveImported(
    csv(`library-${first}.csv`, [WATCHED_HEADER, ...watchedRows(first, count)]),
    "completed",
  );
}

const works = (page: Page) => page.getByRole("list", { name: "Works" });

/** Opens the work of synthetic film `index` by searching for its title. */
async function openWork(page: Page, index: number): Promise<void> {
  const { title } = filmAt(index);
  await page.goto(`/library?q=${encodeURIComponent(title)}`);
  await works(page).getByRole("link", { name: title, exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

test("S-04 the library is filtered, sorted, searched and viewed by its URL", async ({ page }) => {
  await haveFilms(9_400, 3);
  await page.goto("/library");
  await expect(works(page).getByRole("listitem").first()).toContainText("film");

  await choose(page.getByRole("link", { name: "films", exact: true }));
  await choose(page.getByRole("link", { name: "title", exact: true }));
  await choose(page.getByRole("link", { name: "table", exact: true }));
  await expect(page).toHaveURL(/show=films&sort=title&view=table$/);
  await expect(page.getByRole("table", { name: "Works" })).toBeVisible();

  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Search titles" });
  await expect(search).toBeFocused();
  const { title } = filmAt(9_401);
  await search.fill(title.toUpperCase());
  await search.press("Enter");
  const rows = page.getByRole("table", { name: "Works" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1).getByRole("link", { name: title })).toBeVisible();
  await expect(page).toHaveURL(/show=films&sort=title&view=table&q=/);
  await page.reload();
  await expect(search).toHaveValue(title.toUpperCase());

  await search.fill("no film has this name");
  await search.press("Enter");
  await expect(page.getByText("No film or series matches")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/library\?sort=title&view=table$/);
});

test("the library is paged: every page begins where the one before ended", async ({ page }) => {
  // Written by hand: sixty films looked up one by one would say nothing more about pages.
  const word = `Paged${randomUUID().replaceAll(/[^a-f]/g, "")}`;
  await statement(
    `with added as (
      insert into works (media_type, title, title_key, search_text)
      select 'movie', title, lower(title) || '||movie', lower(title)
      from generate_series(1, 60) as n, format('%s %s', $1::text, lpad(n::text, 2, '0')) as title returning work_id)
    insert into works_meta (work_id, overview) select work_id, 'One of sixty.' from added`,
    [word],
  );
  await page.goto(`/library?q=${word}&sort=title&view=table`);
  const rows = page.getByRole("table", { name: "Works" }).getByRole("row");
  await expect(rows).toHaveCount(49);
  await expect(rows.last().getByRole("link")).toHaveText(`${word} 48`);
  const pages = page.getByRole("navigation", { name: "Pages: Library" });
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(rows).toHaveCount(13);
  await expect(page).toHaveURL(/cursor=/);
  await expect(rows.nth(1).getByRole("link")).toHaveText(`${word} 49`);
  await pages.getByRole("link", { name: "First" }).click();
  await expect(rows).toHaveCount(49);
  await expect(page).not.toHaveURL(/cursor/);
  await expect(rows.last().getByRole("link")).toHaveText(`${word} 48`);
});

test("a work says where each viewing was read, and the row leads back to the work", async ({ page }) => {
  await haveFilms(9_480, 1);
  await openWork(page, 9_480);
  await expect(page.getByText(/^from TMDB, fetched/)).toBeVisible();
  await expect(page.getByRole("img", { name: /^Poster of/ })).toBeVisible();
  await expect(page.getByText(/episode/)).toHaveCount(0);
  const tmdb = page.getByRole("definition").getByRole("link", { name: /^\d+$/ });
  await expect(tmdb).toHaveAttribute("href", /^https:\/\/www\.themoviedb\.org\/movie\/\d+$/);
  await expect(tmdb).toHaveAttribute("rel", /noopener/);

  const viewings = page.getByRole("table", { name: "Viewings" });
  await viewings.getByRole("link", { name: "library-9480.csv, row 1" }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer).toBeVisible();
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}\?row=1$/);
  await drawer.getByRole("link", { name: /, work \d+$/ }).click();
  await expect(page).toHaveURL(/\/library\/\d+$/);
});

test("T-04 a refresh asks TMDB again, and the page changes when the answer is there", async ({ page }) => {
  await haveFilms(9_485, 1);
  await openWork(page, 9_485);
  const fetched = page.getByText(/^from TMDB, fetched/).locator("time");
  const before = await fetched.getAttribute("datetime");
  await page.getByRole("button", { name: "Refresh now" }).click();
  await expect(fetched).not.toHaveAttribute("datetime", before ?? "", { timeout: 30_000 });
});

test("`g l` leads to the library; works that are not there say so", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.type("gl");
  await expect(page.getByRole("heading", { level: 1, name: "Library" })).toBeVisible();
  await expect(page).toHaveURL(/\/library$/);
  for (const address of ["/library/999999999", "/library/not-an-id"]) {
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  expect((await page.goto("/library?cursor=nonsense"))?.status()).toBe(400);
  expect((await page.goto("/library?show=x&sort=x&view=x"))?.status()).toBe(200);
});

test("axe finds nothing in the library, and no page of it is wider than a telephone", async ({ page }) => {
  test.slow();
  await haveFilms(9_490, 2);
  await openWork(page, 9_490);
  const work = new URL(page.url()).pathname;
  for (const address of ["/library", "/library?view=table", "/library?q=no+film+has+this+name", work]) {
    await test.step(address.replace(work, "/library/:workId"), async () => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectFitsTelephone(page);
    });
  }
});
