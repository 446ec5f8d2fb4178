import { expect, type Page, test } from "@playwright/test";
import {
  csv,
  expectAccessible,
  expectNoSidewaysScroll,
  filmAt,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";

/** Imports films that no other test has, and waits until they are in the library. */
async function importFilms(page: Page, first: number, count: number): Promise<void> {
  await startImport(page, csv(`library-${first}.csv`, [WATCHED_HEADER, ...watchedRows(first, count)]));
  await expect(status(page, "completed")).toBeVisible({ timeout: 45_000 });
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
  await importFilms(page, 9_400, 3);
  await page.getByRole("link", { name: "Library" }).click();
  await expect(works(page).getByRole("listitem").first()).toContainText("film");

  await page.getByRole("link", { name: "films", exact: true }).click();
  await expect(page).toHaveURL(/show=films/);
  await page.getByRole("link", { name: "title", exact: true }).click();
  await expect(page).toHaveURL(/show=films&sort=title/);
  await page.getByRole("link", { name: "table", exact: true }).click();
  await expect(page.getByRole("table", { name: "Works" })).toBeVisible();

  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Search titles" });
  await expect(search).toBeFocused();
  const { title } = filmAt(9_401);
  await search.fill(title.toUpperCase());
  await search.press("Enter");
  await expect(page).toHaveURL(/show=films&sort=title&view=table&q=/);
  await expect(page.getByRole("table", { name: "Works" }).getByRole("link", { name: title })).toBeVisible();
  await page.reload();
  await expect(search).toHaveValue(title.toUpperCase());

  await search.fill("no film has this name");
  await search.press("Enter");
  await expect(page.getByText("No film or series matches")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/library\?sort=title&view=table$/);
});

test("the library is paged: every page begins where the one before ended", async ({ page }) => {
  test.slow();
  await importFilms(page, 9_410, 60);
  // Titles end with their number; other tests add works meanwhile.
  await page.goto("/library?q=094&sort=title&view=table");
  const rows = page.getByRole("table", { name: "Works" }).getByRole("row");
  await expect(rows).toHaveCount(49);
  const last = (await rows.last().getByRole("link").textContent()) ?? "";
  const pages = page.getByRole("navigation", { name: "Pages: Library" });
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect
    .poll(async () => last < ((await rows.nth(1).getByRole("link").textContent()) ?? ""))
    .toBe(true);
  await pages.getByRole("link", { name: "First" }).click();
  await expect(page).not.toHaveURL(/cursor/);
  await expect(rows.last().getByRole("link")).toHaveText(last);
});

test("a work says where each viewing was read, and the row leads back to the work", async ({ page }) => {
  await importFilms(page, 9_480, 1);
  await openWork(page, 9_480);
  await expect(page.getByText(/^from TMDB, fetched/)).toBeVisible();
  await expect(page.getByRole("img", { name: /^Poster of/ })).toBeVisible();
  await expect(page.getByText(/episode/)).toHaveCount(0);
  const tmdb = page.getByRole("definition").getByRole("link", { name: /^\d+$/ });
  await expect(tmdb).toHaveAttribute("href", /^https:\/\/www\.themoviedb\.org\/movie\/\d+$/);
  await expect(tmdb).toHaveAttribute("rel", /noopener/);

  const viewings = page.getByRole("table", { name: "Viewings" });
  await viewings.getByRole("link", { name: "library-9480.csv, row 1" }).click();
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}\?row=1$/);
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("link", { name: /, work \d+$/ }).click();
  await expect(page).toHaveURL(/\/library\/\d+$/);
});

test("T-04 a refresh asks TMDB again, and the page changes when the answer is there", async ({ page }) => {
  await importFilms(page, 9_485, 1);
  await openWork(page, 9_485);
  const fetched = page.getByText(/^from TMDB, fetched/).locator("time");
  const before = await fetched.getAttribute("datetime");
  await page.getByRole("button", { name: "Refresh now" }).click();
  await expect(page.getByText(/Refresh is on its way/)).toBeVisible();
  await expect(fetched).not.toHaveAttribute("datetime", before ?? "");
});

test("`g l` leads to the library; works that are not there say so", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await expect(page).toHaveURL(/\/library$/, { timeout: 1_000 });
  }).toPass();
  for (const address of ["/library/999999999", "/library/not-an-id"]) {
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  expect((await page.goto("/library?cursor=nonsense"))?.status()).toBe(400);
  expect((await page.goto("/library?show=x&sort=x&view=x"))?.status()).toBe(200);
});

const addresses = ["/library", "/library?view=table", "/library?q=no+film+has+this+name"];

for (const [colorScheme, first] of [
  ["light", 9_490],
  ["dark", 9_495],
] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing in the library, and no page of it is wider than a telephone", async ({
      page,
    }) => {
      await importFilms(page, first, 2);
      await openWork(page, first);
      const work = new URL(page.url()).pathname;
      for (const address of [...addresses, work]) {
        await test.step(address.replace(work, "/library/:workId"), async () => {
          await page.setViewportSize({ width: 1280, height: 900 });
          await page.goto(address);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expectAccessible(page);
          await page.setViewportSize({ width: 375, height: 812 });
          await expectNoSidewaysScroll(page);
        });
      }
    });
  });
}
