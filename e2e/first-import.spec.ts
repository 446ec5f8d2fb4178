import { readFile } from "node:fs/promises";
import { choose, chooseFile, importPage, status } from "./desk.ts";
import { expect, test } from "./test.ts";

const SAMPLE = "sandbox/sample/letterboxd-watched.csv";

test("I-01 I-11 a Letterboxd export from the drop area to the catalogue", async ({ page }) => {
  test.slow();
  await chooseFile(page, SAMPLE);
  const found = page.getByRole("status").filter({ hasText: "letterboxd-watched.csv" });
  await expect(found).toContainText('Letterboxd "watched" (sure)');
  await expect(found).toContainText("UTF-8");
  await expect(found).toContainText("comma");
  await expect(found).toContainText("61 rows");
  await expect(found).toContainText("1 problem");
  await expect(page.getByRole("list", { name: "Problems by line" })).toContainText(
    'line 41Year "20055" is not a year.',
  );
  const sample = page.getByRole("region", { name: "First rows of the file" });
  await expect(sample.getByRole("row")).toHaveCount(21);
  await expect(sample.getByRole("row", { name: /^2 / })).toContainText("Parasite (2019), seen 2 Jan 2024");
  await expect(page.getByText(/distinct titles, at most .* TMDB calls/)).toBeVisible();

  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await importPage(page, "letterboxd-watched.csv");
  const progress = page.getByRole("progressbar", { name: "Progress of letterboxd-watched.csv" });
  // Nothing reloads the page from here on.
  await expect(progress).toHaveAttribute("aria-valuenow", "61", { timeout: 90_000 });
  await expect(status(page, "partial")).toBeVisible();

  const counters = page.getByRole("navigation", { name: "Rows by status" });
  await expect(counters.getByRole("link", { name: "61 all" })).toBeVisible();
  const failures = page.getByRole("listitem").filter({ hasText: "The year is not a year" });
  await expect(failures.getByRole("button", { name: /Retry 1/ })).toHaveAttribute("aria-disabled", "true");

  await test.step("a group of failures is shown by itself", async () => {
    await page.getByRole("link", { name: /^Show 1 row: No title found/ }).click();
    const rows = page.getByRole("table", { name: "Rows of this import" }).getByRole("row");
    await expect(rows).toHaveCount(2);
    await expect(page).toHaveURL(/status=failed&code=NO_MATCH/);
    await expect(rows.nth(1)).toContainText("The Lantern Keeper of Port Solace");
    await page.getByRole("link", { name: "Show all reasons" }).click();
    await expect(rows).toHaveCount(3);
  });

  await test.step("the search finds a title, and the URL keeps it", async () => {
    await choose(counters.getByRole("link", { name: /all$/ }));
    await expect(page).not.toHaveURL(/status=/);
    await page.getByRole("searchbox", { name: "Search titles" }).fill("amélie");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("table", { name: "Rows of this import" }).getByRole("row")).toHaveCount(2);
    await expect(page).toHaveURL(/q=am%C3%A9lie/);
    await page.reload();
    await expect(page.getByRole("row", { name: /Amélie/ })).toContainText("success");
  });

  await test.step("a row opens with all that is known of it", async () => {
    await page.getByRole("link", { name: "Amélie", exact: true }).click();
    const drawer = page.getByRole("dialog", { name: /Line 3/ });
    await expect(drawer).toContainText("The line as it was");
    await expect(drawer).toContainText("Amélie (2001)");
    await expect(drawer.getByRole("link", { name: /^TMDB \d+/ })).toHaveAttribute("rel", /noopener/);
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    await expect(page).not.toHaveURL(/row=/);
  });

  await test.step("failed rows are exported with their reasons", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export failed rows" }).click(),
    ]);
    const exported = await readFile(await download.path(), "utf8");
    expect(exported).toContain("_row,_error_code,_error");
    expect(exported).toContain("INVALID_YEAR");
    expect(exported).toContain("The Lantern Keeper of Port Solace");
  });

  await test.step("the original file comes back byte for byte", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Original file" }).click(),
    ]);
    expect(await readFile(await download.path())).toEqual(await readFile(SAMPLE));
  });

  await test.step("failed rows are tried again", async () => {
    await page.getByRole("button", { name: "Retry 1 failed" }).click();
    const question = page.getByRole("dialog", { name: "Retry 1 row?" });
    await question.getByRole("button", { name: "Retry 1 row" }).click();
    // It is tried, and fails again: its events below say so.
    await expect(question).toBeHidden();
    await expect(status(page, "partial")).toBeVisible();
  });

  await test.step("its life is told", async () => {
    await page.getByRole("link", { name: "Events" }).click();
    const events = page.getByRole("table", { name: /Events of this import/ });
    await expect(events.getByRole("row", { name: /accepted/ })).toBeVisible();
    await expect(events.getByRole("row", { name: /retried/ })).toBeVisible();
    await page.getByRole("link", { name: "Options", exact: true }).click();
    await expect(page.getByText("built-in catalogue")).toBeVisible();
  });

  await test.step("the list and the overview know of it", async () => {
    await page.goto("/imports?q=letterboxd-watched&failures=yes");
    await expect(page.getByRole("row", { name: /letterboxd-watched\.csv/ })).toContainText("partial");
    await page.goto("/");
    await expect(page.getByText(/failed rows? in/)).toBeVisible();
  });
});
