import {
  choose,
  csv,
  filmAt,
  haveImported,
  slowDown,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";
import { expect, test } from "./test.ts";

/** Names of two films each; without its year a title is doubtful until somebody decides, once for all. */
const DOUBTFUL = ["Solaris", "Cape Fear", "True Grit", "Carrie", "Aladdin"];

test("I-12 an import is cancelled between two rows, and continued", async ({ page }) => {
  // Two are asked for at once: half a minute until the last, and four seconds until those in hand are done.
  const rows = 16;
  const titles = Array.from({ length: rows }, (_, offset) => filmAt(9_300 + offset).title);
  const speedUp = await slowDown(titles, 4_000);
  await startImport(page, csv("stopped.csv", [WATCHED_HEADER, ...watchedRows(9_300, rows)]));
  await expect(status(page, "processing")).toBeVisible();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Cancel this import?" });
  await expect(question).toContainText("will not be begun");
  await question.getByRole("button", { name: /^Leave out/ }).click();
  await expect(question).toBeHidden();
  await expect(status(page, "cancelled")).toBeVisible();

  await speedUp();
  await page.getByRole("button", { name: /^Continue with/ }).click();
  await expect(status(page, "completed")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("link", { name: `${rows} success`, exact: true })).toBeVisible();
});

test("M-02 a doubtful title is decided in its drawer, by key", async ({ page }) => {
  const title = DOUBTFUL[test.info().repeatEachIndex % DOUBTFUL.length] ?? "";
  await startImport(
    page,
    csv("doubtful.csv", [WATCHED_HEADER, `2019-05-05,${title},,https://boxd.it/1`, ...watchedRows(9_120, 1)]),
  );
  await expect(status(page, "partial")).toBeVisible();
  await choose(page.getByRole("link", { name: "1 review", exact: true }));
  await page.getByRole("link", { name: title, exact: true }).click();
  const drawer = page.getByRole("dialog");
  const question = drawer.getByRole("heading", { name: "Which one is meant?" });
  await expect(question).toBeVisible();
  await expect(
    drawer.getByRole("button", { name: new RegExp(`^Pick 1: ${title} \\(\\d{4}\\)`) }),
  ).toBeVisible();
  await expect(
    drawer.getByRole("button", { name: new RegExp(`^Pick 2: ${title} \\(\\d{4}\\)`) }),
  ).toBeVisible();
  await page.keyboard.press("1");
  await expect(question).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(status(page, "completed")).toBeVisible();
  await expect(page.getByRole("link", { name: "0 review", exact: true })).toBeVisible();
});

test("rows are walked by keyboard, in the table and in the drawer", async ({ page }) => {
  await startImport(page, csv("walk.csv", [WATCHED_HEADER, ...watchedRows(9_140, 3)]));
  await expect(status(page, "completed")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog");
  await expect(drawer).toContainText("Line 3");
  await page.keyboard.press("j");
  await expect(drawer).toContainText("Line 4");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect(drawer).toContainText("Line 2");
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search titles" })).toBeFocused();
  await page.keyboard.press("Tab");
  // In one go: the second key must follow the first within 1.5 s.
  await page.keyboard.type("gi");
  await expect(page.getByRole("heading", { level: 1, name: "Imports" })).toBeVisible();
  await expect(page).toHaveURL(/\/imports$/);
});

test("the URL of a row opens its drawer; a row that is not there says so", async ({ page }) => {
  const file = csv("linked.csv", [WATCHED_HEADER, ...watchedRows(9_160, 2)]);
  const address = `/imports/${await haveImported(file, "completed")}`;
  await page.goto(`${address}?row=2`);
  await expect(page.getByRole("dialog", { name: /Line 3/ })).toBeVisible();
  await page.goto(`${address}?row=99`);
  await expect(page.getByRole("dialog")).toContainText("This import has no row 99");
});

test("I-11 more rows than a page are paged in the URL", async ({ page }) => {
  const rows = Array.from({ length: 120 }, (_, index) => `2024-01-01,Film ${index},20055,`);
  const file = csv("long.csv", [WATCHED_HEADER, ...rows, ...watchedRows(9_180, 1)]);
  await page.goto(`/imports/${await haveImported(file, "partial")}`);
  const table = page.getByRole("table", { name: "Rows of this import" });
  await expect(table.getByRole("row")).toHaveCount(51);
  const pages = page.getByRole("navigation", { name: "Pages: Rows of this import" });
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(table.getByRole("row").nth(1)).toContainText("Film 50");
  await expect(page).toHaveURL(/cursor=f50/);
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(table.getByRole("row")).toHaveCount(22);
  await pages.getByRole("link", { name: "First" }).click();
  await expect(table.getByRole("row")).toHaveCount(51);
  await expect(page).not.toHaveURL(/cursor/);
});
