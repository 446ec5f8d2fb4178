import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { csv, expectFitsTelephone, filmAt, haveImported, WATCHED_HEADER, watchedRows } from "./desk.ts";
import { statement } from "./statement.ts";
import { expect, test } from "./test.ts";

/** Has an import whose titles were looked up, so that there are calls. Each test takes its own films. */
function haveCalls(first: number, count: number): Promise<string> {
  return haveImported(
    csv(`upstreams-${first}.csv`, [WATCHED_HEADER, ...watchedRows(first, count)]),
    "completed",
  );
}

/** The part of the page that is about one service. */
function upstream(page: Page, label: string) {
  return page.locator("section").filter({ has: page.getByRole("heading", { name: label, exact: true }) });
}

test("J-09 every service says how it stands; a test is a real call, and stays on the page", async ({
  page,
}) => {
  await page.goto("/");
  await page.keyboard.type("gu");
  const tmdb = upstream(page, "TMDB");
  await expect(tmdb.getByText("TMDB_API_KEY is set")).toBeVisible();
  await expect(page).toHaveURL(/\/upstreams$/);
  await expect(tmdb.getByText(/of 400 used in 10\s*s · .* reserved · .* left/)).toBeVisible();
  await tmdb.getByRole("button", { name: "Test" }).click();
  await expect(tmdb.getByText(/TMDB answered within \d+ ms/)).toBeVisible();
  await expect(tmdb.getByText(/by operator@reeldesk\.local/)).toBeVisible();

  // A call that counts says so first.
  const omdb = upstream(page, "OMDb");
  await omdb.getByRole("button", { name: "Test" }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("1 of today's requests");
  await question.getByRole("button", { name: "Make 1 call" }).click();
  await expect(omdb.getByText(/OMDb answered within \d+ ms/)).toBeVisible();

  const catalogue = upstream(page, "Remote catalogue");
  await expect(catalogue.getByText(/Remote catalogue is off\./)).toBeVisible();
  await expect(catalogue.getByText("CATALOGUE_URL is not set")).toBeVisible();
  await expect(catalogue.getByRole("button", { name: /Test/ })).toHaveAttribute("aria-disabled", "true");
});

test("T-06 what an import asked stands in the log, with the way back to it", async ({ page }) => {
  test.slow();
  const importJobId = await haveCalls(9_600, 3);
  await page.goto(`/upstreams/calls?q=import:${importJobId}`);
  const calls = page.getByRole("table", { name: "Upstream calls" });
  await expect(calls.getByText("/search/movie").first()).toBeVisible();
  await expect(page.getByText("Kept for 90 days")).toBeVisible();
  await expect(page.getByText("Searched: last 90 days")).toBeVisible();
  await calls.getByRole("link", { name: "import" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "upstreams-9600.csv" })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/imports/${importJobId}`));

  await page.goto("/upstreams");
  await page
    .getByRole("table", { name: "Calls by endpoint" })
    .getByRole("link", { name: "/search/movie", exact: true })
    .click();
  await expect(calls.getByText("/search/movie").first()).toBeVisible();
  await expect(page).toHaveURL(/service=tmdb.*q=endpoint/);
  // Other tests make calls fail as well, but none of them with this code.
  await page.goto("/upstreams/calls?q=error:NO_SUCH_CODE");
  await expect(page.getByText("No call matches these filters")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(calls).toBeVisible();
  await expect(page).toHaveURL(/\/upstreams\/calls$/);
});

test("the filter box suggests, filters, and says what makes no sense", async ({ page }) => {
  test.slow();
  await haveCalls(9_610, 1);
  await page.goto("/upstreams/calls");
  const box = page.getByRole("combobox", { name: "Filter calls" });
  await box.fill("task:process_import_rows");
  await box.press("Enter");
  // Where the other filters lead says that this one's page is there.
  await expect(page.getByRole("link", { name: "last 24 h" })).toHaveAttribute("href", /q=task/);
  await expect(page.getByRole("table", { name: "Upstream calls" }).getByRole("row").nth(1)).toBeVisible();
  await box.fill("job:none");
  await box.press("Enter");
  await expect(page.getByText("job:none is no job")).toBeVisible();
  await expect(page.getByText("The filter is not understood")).toBeVisible();
  const bad = await page.goto("/upstreams/calls?cursor=nonsense");
  expect(bad?.status()).toBe(400);
});

test("what is typed while the filtered page is on its way stays in the box", async ({ page }) => {
  await haveCalls(9_650, 1);
  await page.goto("/upstreams/calls");
  const box = page.getByRole("combobox", { name: "Filter calls" });
  const held = Promise.withResolvers<void>();
  await page.route(/\/upstreams\/calls\.data\?.*q=error/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await box.fill("error:NO_SUCH_CODE");
  const asked = page.waitForRequest(/\/upstreams\/calls\.data\?.*q=error/);
  await box.press("Enter");
  await asked;
  await box.pressSequentially(" task:refresh_work");
  held.resolve();
  await expect(page.getByRole("link", { name: "last 24 h" })).toHaveAttribute("href", /q=error/);
  await expect(box).toHaveValue("error:NO_SUCH_CODE task:refresh_work");
  await expect(box).toBeFocused();

  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(box).toHaveValue("");
});

test("J-09 flushing asks with the count, and forgets this service's answers", async ({ page }) => {
  test.slow();
  await haveCalls(9_620, 2);
  const kept = () =>
    statement("select from upstream_cache where service = 'tmdb' and body::text like $1", [
      `%${filmAt(9_620).title}%`,
    ]);
  expect(await kept()).not.toEqual([]);
  await page.goto("/upstreams");
  const tmdb = upstream(page, "TMDB");
  await expect(tmdb.getByText(/^[\d,]+ answers?, /)).toBeVisible();
  await tmdb.getByRole("button", { name: "Flush cache" }).click();
  const question = page.getByRole("dialog");
  await question.getByRole("button", { name: /^Forget [\d,]+ answers?$/ }).click();
  await expect(question).toBeHidden();
  expect(await kept()).toEqual([]);
});

test("axe finds nothing, and no page is wider than a telephone", async ({ page }) => {
  test.slow();
  await haveCalls(9_630, 1);
  for (const address of [
    "/upstreams",
    "/upstreams?range=1h&service=omdb",
    "/upstreams?range=90d",
    "/upstreams/calls",
    "/upstreams/calls?service=catalogue",
    "/upstreams/calls?q=nonsense",
  ]) {
    await test.step(address, async () => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectFitsTelephone(page);
    });
  }
});
