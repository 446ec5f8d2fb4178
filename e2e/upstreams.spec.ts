import { expect, type Page, test } from "@playwright/test";
import {
  csv,
  expectAccessible,
  expectNoSidewaysScroll,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";

/** An import whose titles are looked up, so that there are calls. Each test takes its own films. */
async function importFilms(page: Page, first: number, count: number): Promise<string> {
  await startImport(page, csv(`upstreams-${first}.csv`, [WATCHED_HEADER, ...watchedRows(first, count)]));
  await expect(status(page, "completed")).toBeVisible();
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/** The part of the page that is about one service. */
function upstream(page: Page, label: string) {
  return page.locator("section").filter({ has: page.getByRole("heading", { name: label, exact: true }) });
}

test("J-09 every service says how it stands; a test is a real call, and stays on the page", async ({
  page,
}) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("u");
    await expect(page).toHaveURL(/\/upstreams$/, { timeout: 1_000 });
  }).toPass();
  const tmdb = upstream(page, "TMDB");
  await expect(tmdb.getByText("TMDB_API_KEY is set")).toBeVisible();
  await expect(tmdb.getByText(/of 400 used in 10\s*s · .* reserved · .* left/)).toBeVisible();
  await tmdb.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText(/^TMDB answered within \d+ ms and takes the key\.$/).first()).toBeVisible();
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
  const importJobId = await importFilms(page, 9_600, 3);
  await page.goto(`/upstreams/calls?q=import:${importJobId}`);
  const calls = page.getByRole("table", { name: "Upstream calls" });
  await expect(calls.getByText("/search/movie").first()).toBeVisible();
  await expect(page.getByText("Kept for 90 days")).toBeVisible();
  await expect(page.getByText("Searched: last 90 days")).toBeVisible();
  await calls.getByRole("link", { name: "import" }).first().click();
  await expect(page).toHaveURL(new RegExp(`/imports/${importJobId}`));

  await page.goto("/upstreams");
  await page
    .getByRole("table", { name: "Calls by endpoint" })
    .getByRole("link", { name: "/search/movie" })
    .click();
  await expect(page).toHaveURL(/service=tmdb.*q=endpoint/);
  await expect(calls.getByText("/search/movie").first()).toBeVisible();
  // Other tests make calls fail as well, but none of them with this code.
  await page.goto("/upstreams/calls?q=error:NO_SUCH_CODE");
  await expect(page.getByText("No call matches these filters")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/upstreams\/calls$/);
});

test("the filter box suggests, filters, and says what makes no sense", async ({ page }) => {
  test.slow();
  await importFilms(page, 9_610, 1);
  await page.goto("/upstreams/calls");
  const box = page.getByRole("combobox", { name: "Filter calls" });
  await expect(async () => {
    await box.fill("task:process_import_rows");
    await box.press("Enter");
    await expect(page).toHaveURL(/q=task/, { timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole("table", { name: "Upstream calls" }).getByRole("row").nth(1)).toBeVisible();
  await box.fill("job:none");
  await box.press("Enter");
  await expect(page.getByText("job:none is no job")).toBeVisible();
  await expect(page.getByText("The filter is not understood")).toBeVisible();
  const bad = await page.goto("/upstreams/calls?cursor=nonsense");
  expect(bad?.status()).toBe(400);
});

test("what is typed while the filtered page is on its way stays in the box", async ({ page }) => {
  await page.goto("/upstreams/calls");
  const box = page.getByRole("combobox", { name: "Filter calls" });
  const held = Promise.withResolvers<void>();
  await page.route(/\/upstreams\/calls\.data\?.*q=task/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await box.fill("task:refresh_work");
  const asked = page.waitForRequest(/\/upstreams\/calls\.data\?.*q=task/);
  await box.press("Enter");
  await asked;
  await box.pressSequentially(" error:TIMEOUT");
  held.resolve();
  await expect(page.getByText("No call matches these filters")).toBeVisible();
  await expect(box).toHaveValue("task:refresh_work error:TIMEOUT");
  await expect(box).toBeFocused();

  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(box).toHaveValue("");
});

test("J-09 flushing asks with the count, and forgets this service's answers alone", async ({ page }) => {
  test.slow();
  await importFilms(page, 9_620, 2);
  await page.goto("/upstreams");
  const tmdb = upstream(page, "TMDB");
  await expect(tmdb.getByText(/^\d+ answers?, /)).toBeVisible();
  await tmdb.getByRole("button", { name: "Flush cache" }).click();
  const question = page.getByRole("dialog");
  await question.getByRole("button", { name: /^Forget [\d,]+ answers?$/ }).click();
  await expect(page.getByText(/kept answers? of TMDB forgotten\.$/)).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing, and no page is wider than a telephone", async ({ page }) => {
      test.slow();
      await importFilms(page, colorScheme === "light" ? 9_630 : 9_640, 1);
      for (const address of [
        "/upstreams",
        "/upstreams?range=1h&service=omdb",
        "/upstreams?range=90d",
        "/upstreams/calls",
        "/upstreams/calls?service=catalogue",
        "/upstreams/calls?q=nonsense",
      ]) {
        await test.step(address, async () => {
          await page.setViewportSize({ width: 1280, height: 900 });
          await page.goto(address);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expectAccessible(page);
          // A chart takes a moment to follow the window: measure a page that was opened as narrow as that.
          await page.setViewportSize({ width: 375, height: 812 });
          await page.goto(address);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expectNoSidewaysScroll(page);
        });
      }
    });
  });
}
