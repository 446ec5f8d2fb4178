import { randomUUID } from "node:crypto";
import { expectAccessible } from "./accessible.ts";
import {
  choose,
  csv,
  expectFitsTelephone,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";
import { expect, test } from "./test.ts";

test("A-04 what was done is found by what it was done to, and read in full", async ({ page }) => {
  const name = `audited-${randomUUID().slice(0, 8)}.csv`;
  await startImport(page, csv(name, [WATCHED_HEADER, ...watchedRows(9_700, 1), "x,Ran,1985,y"]));
  await expect(status(page, "partial")).toBeVisible();
  const imported = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await page.goto("/settings");
  await page.getByRole("link", { name: "Audit log" }).click();

  const search = page.getByRole("searchbox", { name: /Done to/ });
  await search.fill(`import:${imported}`);
  await search.press("Enter");
  const rows = page.getByRole("table", { name: "Audit log" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(new RegExp(`/settings/audit\\?subject=import%3A${imported}`));
  await expect(rows.nth(1)).toContainText("operator@reeldesk.local");
  await rows.nth(1).getByRole("link", { name: "Import started" }).click();

  const entry = page.getByRole("dialog", { name: "Import started" });
  await expect(entry).toContainText("import.create");
  await expect(entry).toContainText("movies");
  await expect(entry.getByRole("button", { name: "Copy the request id" })).toBeVisible();
  await expectAccessible(page);
  // The drawer stands in the address: it survives a reload, and closing it leads back to the filtered list.
  await page.reload();
  await expect(entry).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(entry).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`subject=import%3A${imported}`));
});

test("A-04 the log is narrowed by area, person and action, and exported as it is narrowed", async ({
  page,
}) => {
  await page.goto("/settings/audit");
  const access = page
    .getByRole("navigation", { name: "Actions by area" })
    .getByRole("link", { name: "access" });
  await choose(access);
  await expect(page).toHaveURL(/area=access/);
  await expect(page.getByRole("table", { name: "Audit log" })).toContainText("Operator added");
  const exportLink = page.getByRole("link", { name: "Export CSV" });
  await expect(exportLink).toHaveAttribute("href", /area=access/);
  const download = page.waitForEvent("download");
  await exportLink.click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("audit-log.csv");
  expect(file.url()).toContain("area=access");

  await page.getByRole("combobox", { name: "Who" }).click();
  // Whoever has done something is offered, and this one has set the desk up.
  await page.getByRole("option", { name: "e2e", exact: true }).click();
  await expect(page).toHaveURL(/actor=e2e/);
  await page.goto("/settings/audit?action=nothing.of_the_kind");
  await expect(page.getByText("Nothing matches these filters")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page.getByRole("table", { name: "Audit log" })).toBeVisible();
});

test("A-04 the audit log is accessible and fits a telephone", async ({ page }) => {
  await page.goto("/settings/audit");
  await expect(page.getByRole("table", { name: "Audit log" })).toBeVisible();
  await expectAccessible(page);
  await expectFitsTelephone(page);
  // Its rows have two lines there.
  await page.setViewportSize({ width: 375, height: 800 });
  await expectAccessible(page);
});
