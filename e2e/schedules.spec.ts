import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expectFitsTelephone } from "./desk.ts";
import { statement } from "./statement.ts";
import { expect, test } from "./test.ts";

const row = (page: Page, label: string) =>
  page.getByRole("table", { name: "Schedules" }).getByRole("row", { name: label });

/** Makes a line as old as that: a test cannot wait for Sunday. */
async function knownSince(id: string, interval: string): Promise<void> {
  await statement(
    `insert into schedules (id, known_since) values ($1, now() - $2::interval)
      on conflict (id) do update set known_since = excluded.known_since`,
    [id, interval],
  );
}

/** Opens a page again and again until it shows what others cannot make it show any sooner. */
async function openUntil(page: Page, address: string, shown: Locator): Promise<void> {
  await expect(async () => {
    await page.goto(address);
    await expect(shown).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

test("J-06 the page says in plain words what runs when, and what comes next", async ({ page }) => {
  await page.goto("/schedules");
  const prune = row(page, "Prune history");
  await expect(prune).toContainText("At 02:30, every day");
  await expect(prune).toContainText("30 2 * * *");
  await expect(prune).toContainText(/in \d+\s(d|h|min|s)/);
  await expect(prune).toContainText(/02:30 UTC/);
  await prune.getByRole("link", { name: "Pause prune history" }).click();
  await expect(page.getByLabel("What", { exact: true })).toHaveValue("task:prune_history");
  await expect(page).toHaveURL(/\/queue\/pauses\?pause=task:prune_history$/);
});

test("J-06 running a schedule that writes asks first, runs once, and is kept in the strip", async ({
  page,
}) => {
  await page.goto("/schedules");
  const prune = row(page, "Prune history");
  const ask = prune.getByRole("button", { name: "Run now" });
  const question = page.getByRole("dialog", { name: "Run prune history now?" });
  await ask.click();
  await expect(question).toContainText("Deletes runs, upstream calls and other history");
  await question.getByRole("button", { name: "Keep as it is" }).click();
  await expect(question).toBeHidden();
  await ask.click();
  await question.getByRole("button", { name: "Run now" }).click();
  await expect(question).toBeHidden();
  // The page learns by itself that it has run.
  const runs = prune.getByRole("list", { name: /^Prune history, last \d+ runs?: \d+ completed/ });
  await expect(runs).toBeVisible({ timeout: 30_000 });
  await runs.getByRole("link").last().focus();
  await expect(page.getByRole("tooltip")).toContainText(/completed in .* UTC/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/queue\/jobs\/\d+$/);
});

test("J-06 a line that the crontab no longer has is refused with a sentence", async ({ page }) => {
  await page.goto("/schedules");
  const answer = await page.request.post("/schedules.data", {
    form: { intent: "run-schedule", schedule: "gone" },
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(answer.status()).toBe(404);
  expect(await answer.text()).toContain("SCHEDULE_NOT_FOUND");
});

test("J-06 what should have run and has not is overdue, here and on the overview, though nothing failed", async ({
  page,
}) => {
  // Known for a week and a day, and no worker was there on Sunday.
  await knownSince("weekly_discovery", "8 days");
  try {
    // Another test may have read them a moment ago, and for a few seconds that counts for all who look.
    await openUntil(page, "/schedules", row(page, "Weekly discovery").getByText("overdue"));
    await expect(row(page, "Weekly discovery")).toContainText(/overduedue .+ ago/);
    await openUntil(page, "/", page.getByText(/Weekly discovery was due .+ 10:00 UTC and has not run/));
    await page.getByRole("link", { name: "Show schedules" }).click();
    await expect(row(page, "Weekly discovery")).toBeVisible();
    await expect(page).toHaveURL(/\/schedules$/);
  } finally {
    await knownSince("weekly_discovery", "0 s");
  }
});

test.describe("where the reader is", () => {
  test.use({ timezoneId: "Europe/Berlin" });

  test("J-06 the local time stands beside UTC", async ({ page }) => {
    await page.goto("/schedules");
    await expect(row(page, "Prune history")).toContainText(/0[34]:30 your time/);
  });
});

test("axe finds nothing on the schedules and on the overview with its chart, and neither is wider than a telephone", async ({
  page,
}) => {
  test.slow();
  await page.goto("/schedules");
  await expect(row(page, "Prune history")).toBeVisible();
  await expectAccessible(page);
  await expectFitsTelephone(page);
  await page.goto("/");
  await expect(page.getByRole("figure", { name: "Runs per hour, last 24 hours" })).toBeVisible();
  await expectAccessible(page);
  await expectFitsTelephone(page);
});

test("J-08 the overview draws its chart under the content security policy, and nothing jumps for it", async ({
  page,
}) => {
  // Fonts are here from then on: when they come late they move words, which is not the chart's doing.
  await page.goto("/");
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ("value" in entry) window.shifted = (window.shifted ?? 0) + Number(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto("/");
  const figure = page.getByRole("figure", { name: "Runs per hour, last 24 hours" });
  // Something has run since the stack is up, or says that nothing has.
  await expect(figure.locator(".recharts-surface").or(figure.getByText("Nothing ran"))).toBeVisible();
  await expect(figure.getByRole("table")).toHaveCount(1);
  expect(await page.evaluate(() => window.shifted ?? 0)).toBeLessThan(0.01);
  expect(complaints).toEqual([]);
});

declare global {
  interface Window {
    shifted?: number;
  }
}
