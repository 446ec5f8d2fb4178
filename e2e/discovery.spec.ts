import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { csv, expectFitsTelephone, filmAt, haveImported, WATCHED_HEADER, watchedRows } from "./desk.ts";
import { statement } from "./statement.ts";
import { expect, test } from "./test.ts";

async function ask(page: Page, button: Locator, question: RegExp): Promise<Locator> {
  await button.click();
  return page.getByRole("dialog", { name: question });
}

const runNow = (page: Page) => page.getByRole("button", { name: "Run now", exact: true });

/** Imports synthetic film `index` and says what its work is called. */
async function haveFilm(index: number): Promise<string> {
  await haveImported(csv(`discovery-${index}.csv`, [WATCHED_HEADER, ...watchedRows(index, 1)]), "completed");
  return filmAt(index).title;
}

// The schedules of discovery, its excluded titles and its rules are everybody's.
test.describe
  .serial("one after the other", () => {
    test("T-02 a preview says what a run would take, without taking it; what is excluded is not taken", async ({
      page,
    }) => {
      test.slow();
      await page.goto("/discovery");
      const runs = page.getByRole("table", { name: "Discovery runs", exact: true });
      const newest = runs.getByRole("row").nth(1);
      const links = page.locator('a[href^="/discovery/runs/"]');
      const before = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      await page.getByRole("textbox", { name: "New films at most" }).fill("5");
      await page.getByRole("button", { name: "Preview" }).click();
      await expect(page.getByText(/^5 new films of \d+ listed/)).toBeVisible();
      const films = page.getByRole("table", { name: "Films that a run would look at" });
      const first = films.getByRole("row").nth(1);
      const title = ((await first.getByRole("cell").first().textContent()) ?? "").replace(/ \(\d{4}\)$/, "");
      await expect(first).toContainText("add it");
      await first.getByRole("button", { name: "Exclude" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Exclude 1 title" }).click();
      const excluded = page
        .getByRole("table", { name: "Excluded titles" })
        .getByRole("row")
        .filter({ hasText: title });
      await expect(excluded).toBeVisible();

      const question = await ask(page, runNow(page), /Run discovery now/);
      await expect(question).toContainText("15 pages");
      await question.getByRole("button", { name: "Run discovery" }).click();
      await expect(question).toBeHidden();
      // The page learns of the run by itself, and of its end.
      const run = newest.getByRole("link").first();
      await expect
        .poll(async () => before.includes(await run.getAttribute("href")), { timeout: 30_000 })
        .toBe(false);
      await expect(newest).toContainText("completed", { timeout: 40_000 });
      await expect(newest).toContainText("by hand");
      await run.click();

      await page.getByRole("link", { name: /stored/ }).click();
      await expect(page).toHaveURL(/\/discovery\/runs\/\d+\?/);
      const members = page.getByRole("table", { name: "Films of this run" });
      await expect(members).toContainText("stored");
      await expect(members).not.toContainText("not yet");
      await expect(members).not.toContainText(title);
      await members.getByRole("link").first().click();
      await expect(page).toHaveURL(/\/library\/\d+$/);

      await page.goto("/discovery");
      await excluded.getByRole("button", { name: "Allow again" }).click();
      await expect(excluded).toBeHidden();
    });

    test("T-05 what is due is listed with its reason, and a refresh takes it off the list", async ({
      page,
    }) => {
      test.slow();
      const title = await haveFilm(9_850);
      await statement(
        `update works set due_at = now() - interval '1 hour', due_reason = 'changed', changed_at = now(),
        last_refreshed_at = now() - interval '40 days' where title = $1`,
        [title],
      );
      await page.goto("/discovery/refresh?reason=changed");
      const due = page.getByRole("table", { name: "Works that are due" });
      await expect(due.getByRole("row", { name: title })).toContainText("changed at TMDB");
      const question = await ask(page, runNow(page), /Run the daily refresh now/);
      await question.getByRole("button", { name: "Run refresh" }).click();
      await expect(question).toBeHidden();
      await expect(due.getByRole("row", { name: title })).toBeHidden({ timeout: 40_000 });
      await page.goto("/discovery/refresh?view=runs");
      const runs = page.getByRole("table", { name: "Refresh runs", exact: true });
      await expect(runs.getByRole("row").nth(1)).toContainText("completed", { timeout: 40_000 });
      await page.goto("/discovery/refresh");
      await expect(page.getByText(/read up to/).first()).toBeVisible();
    });

    test("T-04 rules can be tried before they are put in force, and wrong ones are refused", async ({
      page,
    }) => {
      await page.goto("/discovery/refresh?view=rules");
      const tryRules = page.getByRole("button", { name: "Try these rules" });
      const recent = page.getByRole("textbox", { name: "Recent up to (days)" });
      await tryRules.click();
      await expect(page.getByText(/^With these rules tomorrow needs [\d,]+ calls?/)).toBeVisible();
      await recent.fill("10");
      await tryRules.click();
      await expect(page.getByText("Each age must be above the one before it")).toBeVisible();
      await recent.fill("200");
      const useRules = page.getByRole("button", { name: "Use these rules", exact: true });
      const question = await ask(page, useRules, /Put these rules in force/);
      await question.getByRole("button", { name: "Use these rules" }).click();
      await expect(question).toBeHidden();
      await expect(page.getByText("Changed by operator@reeldesk.local")).toBeVisible();
    });
  });

test("T-05 a title that TMDB has given up waits for a decision, and is decided", async ({ page }) => {
  const title = await haveFilm(9_860);
  await statement(
    `insert into lost_titles (work_id, media_type, tmdb_id, kind)
      select work_id, media_type, tmdb_id, 'deleted' from works where title = $1`,
    [title],
  );
  await page.goto("/discovery/lost");
  const lost = page
    .getByRole("table", { name: "Works whose TMDB id is lost" })
    .getByRole("row", { name: title });
  await expect(lost).toContainText("any more");
  const question = await ask(page, lost.getByRole("button", { name: "Another id" }), /Which title is/);
  await question.getByRole("textbox", { name: "TMDB id" }).fill("none");
  await question.getByRole("button", { name: "Use this id" }).click();
  await expect(question.getByText("A TMDB id is a whole number")).toBeVisible();
  await question.getByRole("button", { name: "Keep as it is" }).click();
  await expect(question).toBeHidden();
  await lost.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(lost).toBeHidden();
});

test("T-13 a backfill is chosen by what works lack, runs, and says what came of each", async ({ page }) => {
  test.slow();
  const title = await haveFilm(9_870);
  await statement(
    "update works_meta set overview = null from works where works.work_id = works_meta.work_id and title = $1",
    [title],
  );
  await page.goto("/discovery/backfills?lacks=overview");
  const lacking = page.getByRole("table", { name: "Works that lack what is chosen" });
  await expect(lacking.getByRole("row", { name: title })).toContainText("overview");
  const start = page.getByRole("button", { name: /^Backfill \d+ works?$/ });
  const question = await ask(page, start, /^Backfill \d+ works?\?/);
  await question.getByRole("button", { name: /^Backfill \d+ works?$/ }).click();
  await expect(page.locator("header").getByText(/^(completed|partial)$/)).toBeVisible({ timeout: 40_000 });
  await expect(page).toHaveURL(/\/discovery\/backfills\/[0-9a-f-]{36}$/);
  const rows = page.getByRole("table", { name: "Rows of this backfill" });
  await expect(rows.getByRole("row", { name: title })).toContainText("filled");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export rows" }).click();
  expect((await download).suggestedFilename()).toMatch(/^backfill-[0-9a-f]{8}\.csv$/);
});

test("axe finds nothing on the pages of discovery, and none is wider than a telephone", async ({ page }) => {
  test.slow();
  for (const path of [
    "/discovery",
    "/discovery/refresh",
    "/discovery/refresh?view=rules",
    "/discovery/refresh?view=changed",
    "/discovery/lost",
    "/discovery/backfills?lacks=poster,rating",
  ]) {
    await test.step(path, async () => {
      await page.goto(path);
      await expect(page.getByRole("heading", { name: "Discovery", level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectFitsTelephone(page);
    });
  }
});
