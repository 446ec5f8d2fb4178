import { expect, type Page, test } from "@playwright/test";
import pg from "pg";
import { expectAccessible, expectNoSidewaysScroll } from "./desk.ts";

/** What only TMDB or a long past could bring about is put into the database. */
async function sql(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.E2E_DATABASE_URL });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Opens a question: before the page's script runs, the button would send its form at once. */
async function ask(page: Page, button: string, question: RegExp) {
  const dialog = page.getByRole("dialog", { name: question });
  await expect(async () => {
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect(dialog).toBeVisible({ timeout: 1_000 });
  }).toPass();
  return dialog;
}

test.describe.configure({ mode: "serial" });

test("T-02 a preview says what a run would take, without taking it; what is excluded is not taken", async ({
  page,
}) => {
  test.slow();
  await page.goto("/discovery");
  await page.getByRole("textbox", { name: "New films at most" }).fill("5");
  await expect(async () => {
    await page.getByRole("button", { name: "Preview" }).click();
    await expect(page.getByText(/^5 new films of \d+ listed/)).toBeVisible({ timeout: 10_000 });
  }).toPass();
  const films = page.getByRole("table", { name: "Films that a run would look at" });
  const first = films.getByRole("row").nth(1);
  const title = ((await first.getByRole("cell").first().textContent()) ?? "").replace(/ \(\d{4}\)$/, "");
  await expect(first).toContainText("add it");
  await first.getByRole("button", { name: "Exclude" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Exclude 1 title" }).click();
  const excluded = page.getByRole("table", { name: "Excluded titles" });
  await expect(excluded).toContainText(title);

  const question = await ask(page, "Run now", /Run discovery now/);
  await expect(question).toContainText("15 pages");
  await question.getByRole("button", { name: "Run discovery" }).click();
  const runs = page.getByRole("table", { name: "Discovery runs", exact: true });
  await expect(runs.getByRole("row").nth(1)).toContainText("completed", { timeout: 40_000 });
  await expect(runs.getByRole("row").nth(1)).toContainText("by hand");
  await runs.getByRole("row").nth(1).getByRole("link").first().click();

  await expect(page).toHaveURL(/\/discovery\/runs\/\d+$/);
  await page.getByRole("link", { name: /stored/ }).click();
  const members = page.getByRole("table", { name: "Films of this run" });
  await expect(members.getByRole("row")).toHaveCount(6);
  await expect(members).not.toContainText(title);
  await members.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/library\/\d+$/);

  await page.goto("/discovery");
  await page.getByRole("button", { name: "Allow again" }).first().click();
  await expect(page.getByText("No title is excluded")).toBeVisible();
});

test("T-05 what is due is listed with its reason, and a refresh takes it off the list", async ({ page }) => {
  test.slow();
  await sql(`update works set due_at = now() - interval '1 hour', due_reason = 'changed', changed_at = now(),
    last_refreshed_at = now() - interval '40 days' where work_id = (select min(work_id) from works where tmdb_id is not null)`);
  await page.goto("/discovery/refresh?reason=changed");
  const due = page.getByRole("table", { name: "Works that are due" });
  await expect(due).toContainText("changed at TMDB");
  const question = await ask(page, "Run now", /Run the daily refresh now/);
  await question.getByRole("button", { name: "Run refresh" }).click();
  await expect(page.getByText("The daily refresh is queued")).toBeVisible();
  await page.goto("/discovery/refresh?view=runs");
  const runs = page.getByRole("table", { name: "Refresh runs", exact: true });
  await expect(runs.getByRole("row").nth(1)).toContainText("completed", { timeout: 40_000 });
  await page.goto("/discovery/refresh");
  await expect(page.getByText(/read up to/)).toBeVisible();
});

test("T-04 rules can be tried before they are put in force, and wrong ones are refused", async ({ page }) => {
  await page.goto("/discovery/refresh?view=rules");
  await expect(async () => {
    await page.getByRole("button", { name: "Try these rules" }).click();
    await expect(page.getByText(/^With these rules tomorrow needs [\d,]+ calls?/)).toBeVisible({
      timeout: 5_000,
    });
  }).toPass();
  await page.getByRole("textbox", { name: "Recent up to (days)" }).fill("10");
  await page.getByRole("button", { name: "Try these rules" }).click();
  await expect(page.getByText("Each age must be above the one before it")).toBeVisible();
  await page.getByRole("textbox", { name: "Recent up to (days)" }).fill("200");
  const question = await ask(page, "Use these rules", /Put these rules in force/);
  await question.getByRole("button", { name: "Use these rules" }).click();
  await expect(page.getByText("Changed by operator@reeldesk.local")).toBeVisible();
});

test("T-05 a title that TMDB has given up waits for a decision, and is decided", async ({ page }) => {
  await sql(`insert into lost_titles (work_id, media_type, tmdb_id, kind)
    select work_id, media_type, tmdb_id, 'deleted' from works where tmdb_id is not null order by work_id limit 1`);
  await page.goto("/discovery/lost");
  const lost = page.getByRole("table", { name: "Works whose TMDB id is lost" });
  await expect(lost).toContainText("any more");
  const question = await ask(page, "Another id", /Which title is/);
  await question.getByRole("textbox", { name: "TMDB id" }).fill("none");
  await question.getByRole("button", { name: "Use this id" }).click();
  await expect(question.getByText("A TMDB id is a whole number")).toBeVisible();
  await question.getByRole("button", { name: "Keep as it is" }).click();
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(page.getByText("Nothing is lost")).toBeVisible();
});

test("T-13 a backfill is chosen by what works lack, runs, and says what came of each", async ({ page }) => {
  test.slow();
  await sql(`insert into works (media_type, title, title_key, tmdb_id) values ('movie', 'Backfill me', 'backfill me||movie', 19995)
    on conflict do nothing`);
  await page.goto("/discovery/backfills?lacks=overview");
  await expect(page.getByRole("table", { name: "Works that lack what is chosen" })).toContainText("overview");
  const start = page.getByRole("button", { name: /^Backfill \d+ works?$/ });
  const dialog = page.getByRole("dialog", { name: /^Backfill \d+ works?\?/ });
  await expect(async () => {
    await start.click();
    await expect(dialog).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await dialog.getByRole("button", { name: /^Backfill \d+ works?$/ }).click();
  await expect(page).toHaveURL(/\/discovery\/backfills\/[0-9a-f-]{36}$/);
  await expect(page.locator("header").getByText(/^(completed|partial)$/)).toBeVisible({ timeout: 40_000 });
  await expect(page.getByRole("table", { name: "Rows of this backfill" })).toContainText("filled");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export rows" }).click();
  expect((await download).suggestedFilename()).toMatch(/^backfill-[0-9a-f]{8}\.csv$/);
});

const PAGES = [
  "/discovery",
  "/discovery/refresh",
  "/discovery/refresh?view=rules",
  "/discovery/refresh?view=changed",
  "/discovery/lost",
  "/discovery/backfills?lacks=poster,rating",
];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing on the pages of discovery", async ({ page }) => {
      test.slow();
      for (const path of PAGES) {
        await page.goto(path);
        await expect(page.getByRole("heading", { name: "Discovery", level: 1 })).toBeVisible();
        await expectAccessible(page);
      }
    });
  });
}

test("nothing of discovery is wider than a telephone", async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 800 });
  for (const path of PAGES) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Discovery", level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});
