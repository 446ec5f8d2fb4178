import { expect, type Page, test } from "@playwright/test";
import pg from "pg";
import { expectAccessible, expectNoSidewaysScroll } from "./desk.ts";

const row = (page: Page, label: string) =>
  page.getByRole("table", { name: "Schedules" }).getByRole("row", { name: label });

/** Makes a line as old as that: a test cannot wait for Sunday. */
async function knownSince(id: string, interval: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.E2E_DATABASE_URL });
  await client.connect();
  try {
    await client.query(
      `insert into schedules (id, known_since) values ($1, now() - $2::interval)
       on conflict (id) do update set known_since = excluded.known_since`,
      [id, interval],
    );
  } finally {
    await client.end();
  }
}

test("J-06 the page says in plain words what runs when, and what comes next", async ({ page }) => {
  await page.goto("/schedules");
  const prune = row(page, "Prune history");
  await expect(prune).toContainText("At 02:30, every day");
  await expect(prune).toContainText("30 2 * * *");
  await expect(prune).toContainText(/in \d+\s(d|h|min|s)/);
  await expect(prune).toContainText(/02:30 UTC/);
  await prune.getByRole("link", { name: "Pause prune history" }).click();
  await expect(page).toHaveURL(/\/queue\/pauses\?pause=task:prune_history$/);
});

test("J-06 running a schedule that writes asks first, runs once, and is kept in the strip", async ({
  page,
}) => {
  await page.goto("/schedules");
  const prune = row(page, "Prune history");
  const ask = prune.getByRole("button", { name: "Run now" });
  const question = page.getByRole("dialog", { name: "Run prune history now?" });
  await expect(async () => {
    await ask.click();
    await expect(question).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(question).toContainText("Deletes runs, upstream calls and other history");
  await question.getByRole("button", { name: "Keep as it is" }).click();
  await expect(question).toBeHidden();
  await ask.click();
  await question.getByRole("button", { name: "Run now" }).click();
  await expect(
    page.getByText("Prune history is queued and starts as soon as a worker is free."),
  ).toBeVisible();
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
    // Another test may have read the schedules a moment ago, and for a few seconds that counts for all who look.
    await expect(async () => {
      await page.goto("/schedules");
      await expect(row(page, "Weekly discovery")).toContainText(/overduedue .+ ago/, { timeout: 1_000 });
    }).toPass();
    await page.goto("/");
    await expect(page.getByText(/Weekly discovery was due .+ 10:00 UTC and has not run/)).toBeVisible();
    await page.getByRole("link", { name: "Show schedules" }).click();
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

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing on the schedules and on the overview with its chart", async ({ page }) => {
      test.slow();
      await page.goto("/schedules");
      await expect(row(page, "Prune history")).toBeVisible();
      await expectAccessible(page);
      await page.goto("/");
      await expect(page.getByRole("figure", { name: "Runs per hour, last 24 hours" })).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test("J-08 the overview draws its chart under the content security policy, and nothing jumps for it", async ({
  page,
}) => {
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

test("J-08 neither page is wider than a telephone", async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  for (const address of ["/", "/schedules"]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});

declare global {
  interface Window {
    shifted?: number;
  }
}
