import { expectAccessible } from "./accessible.ts";
import {
  chooseFile,
  csv,
  expectFitsTelephone,
  filmAt,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";
import { expect, test } from "./test.ts";

test("I-13 a failed row is corrected in its drawer and tried again", async ({ page }) => {
  const { title, year } = filmAt(8_600);
  const lines = [WATCHED_HEADER, `2024-03-01,${title},20055,u`, ...watchedRows(8_601, 1)];
  await startImport(page, csv("one-wrong.csv", lines));
  await expect(status(page, "partial")).toBeVisible();
  await page.goto(`${page.url()}?row=1`);
  const drawer = page.getByRole("dialog", { name: /Line 2/ });
  const field = drawer.getByRole("textbox", { name: "Year", exact: true });
  await expect(field).toHaveValue("20055");
  await expectAccessible(page);
  await field.fill("next year");
  await drawer.getByRole("button", { name: "Save and retry" }).click();
  await expect(drawer.getByText('Year "next year" is not a year.')).toBeVisible();
  await field.fill(year);
  await drawer.getByRole("button", { name: "Save and retry" }).click();
  await expect(drawer.getByRole("heading", { name: "Corrections" })).toBeVisible();
  await expect(drawer.getByText("20055")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(status(page, "completed")).toBeVisible();
});

test("I-13 a corrected failed-rows file repairs its import", async ({ page }) => {
  const { title, year } = filmAt(8_610);
  const lines = [WATCHED_HEADER, `2024-03-01,${title},20055,u`, ...watchedRows(8_611, 1)];
  await startImport(page, csv("to-repair.csv", lines));
  await expect(status(page, "partial")).toBeVisible();
  const address = page.url();
  const text = await (await page.request.get(`${address}/failed-rows.csv`)).text();
  const corrected = text.trimEnd().replace("20055", year).split("\r\n");
  await chooseFile(page, csv("to-repair-failed-rows.csv", [...corrected, "2024-03-01,Ran,1985,u,2,,"]));
  await expect(page.getByText("This is a corrected file of to-repair.csv")).toBeVisible();
  await expect(page.getByRole("list", { name: "Lines that replace nothing" })).toContainText(
    "Row 2 has been written already",
  );
  await expectAccessible(page);
  await page.getByRole("button", { name: "Repair 1 row" }).click();
  await expect(status(page, "completed")).toBeVisible();
});

test("I-16 an import is undone, and imported again", async ({ page }) => {
  const file = csv("to-undo.csv", [WATCHED_HEADER, ...watchedRows(8_620, 3)]);
  await startImport(page, file);
  await expect(status(page, "completed")).toBeVisible();
  await page.getByRole("link", { name: "Undo…" }).click();
  await expect(page.getByRole("heading", { name: "Undo to-undo.csv" })).toBeVisible();
  await expect(page.getByText("3 viewings and 3 works that this import made.")).toBeVisible();
  await expectFitsTelephone(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undo…" }).click();
  const question = page.getByRole("dialog", { name: "Undo this import?" });
  await expect(question).toContainText("It removes 3 viewings and 3 works.");
  await expectFitsTelephone(page);
  await expectAccessible(page);
  await question.getByRole("button", { name: "Remove 3 viewings and 3 works" }).click();
  await expect(page.getByText("6 records removed, 0 left.")).toBeVisible();
  await expectAccessible(page);

  await chooseFile(page, file);
  await expect(page.getByText("This very file was imported, and undone since,")).toBeVisible();
  await page.getByRole("button", { name: "Start import" }).click();
  await expect(status(page, "completed")).toBeVisible();
  await expect(page.getByRole("link", { name: "3 success" })).toBeVisible();
});
