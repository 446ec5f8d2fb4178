import { expect, test } from "@playwright/test";
import { csv, filmAt, slowDown, startImport, status, WATCHED_HEADER, watchedRows } from "./desk.ts";

test("I-12 an import is cancelled between two rows, and continued", async ({ page }) => {
  const rows = 30;
  const titles = Array.from({ length: rows }, (_, offset) => filmAt(9_300 + offset).title);
  const speedUp = await slowDown(titles, 1_000);
  await startImport(page, csv("stopped.csv", [WATCHED_HEADER, ...watchedRows(9_300, rows)]));
  await expect(status(page, "processing")).toBeVisible();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Cancel this import?" });
  await expect(question).toContainText("will not be begun");
  await question.getByRole("button", { name: /^Leave out/ }).click();
  await expect(status(page, "cancelled")).toBeVisible();

  await speedUp();
  await page.getByRole("button", { name: /^Continue with/ }).click();
  await expect(status(page, "completed")).toBeVisible();
  await expect(page.getByRole("link", { name: `${rows} success` })).toBeVisible();
});

test("M-02 a doubtful title is decided in its drawer, by key", async ({ page }) => {
  await startImport(
    page,
    csv("doubtful.csv", [WATCHED_HEADER, "2019-05-05,Solaris,,https://boxd.it/1", ...watchedRows(9_120, 1)]),
  );
  await expect(status(page, "partial")).toBeVisible();
  await page.getByRole("link", { name: "1 review" }).click();
  await page.getByRole("link", { name: "Solaris", exact: true }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("heading", { name: "Which one is meant?" })).toBeVisible();
  await expect(drawer.getByRole("button", { name: /^Pick 1: Solaris \(\d{4}\)/ })).toBeVisible();
  await expect(drawer.getByRole("button", { name: /^Pick 2: Solaris \(\d{4}\)/ })).toBeVisible();
  await page.keyboard.press("1");
  await expect(page.getByText("Decided. 1 row with this title is processed again.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(status(page, "completed")).toBeVisible();
  await expect(page.getByRole("link", { name: "0 review" })).toBeVisible();
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
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/\/imports$/);
});

test("the URL of a row opens its drawer; a row that is not there says so", async ({ page }) => {
  await startImport(page, csv("linked.csv", [WATCHED_HEADER, ...watchedRows(9_160, 2)]));
  const address = page.url();
  await page.goto(`${address}?row=2`);
  await expect(page.getByRole("dialog", { name: /Line 3/ })).toBeVisible();
  await page.goto(`${address}?row=99`);
  await expect(page.getByRole("dialog")).toContainText("This import has no row 99");
});

test("I-11 more rows than a page are paged in the URL", async ({ page }) => {
  const rows = Array.from({ length: 120 }, (_, index) => `2024-01-01,Film ${index},20055,`);
  await startImport(page, csv("long.csv", [WATCHED_HEADER, ...rows, ...watchedRows(9_180, 1)]));
  const table = page.getByRole("table", { name: "Rows of this import" });
  await expect(table.getByRole("row")).toHaveCount(51);
  const pages = page.getByRole("navigation", { name: "Pages: Rows of this import" });
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/cursor=f50/);
  await expect(table.getByRole("row").nth(1)).toContainText("Film 50");
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(table.getByRole("row")).toHaveCount(22);
  await pages.getByRole("link", { name: "First" }).click();
  await expect(page).not.toHaveURL(/cursor/);
});
