import { expect, type Page, test } from "@playwright/test";
import pg from "pg";
import { expectAccessible, expectNoSidewaysScroll } from "./desk.ts";

/** Adds jobs that fail at once, as other people's SQL would: their payload does not fit the task. Returns when they have failed. */
async function failingJobs(marker: string, count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: process.env.E2E_DATABASE_URL });
  await client.connect();
  try {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      const { rows } = await client.query<{ id: string }>(
        "select id from graphile_worker.add_job('refresh_work', $1, max_attempts := 10)",
        [JSON.stringify({ workId: "no number", marker, index })],
      );
      ids.push(String(rows[0]?.id));
    }
    await expect
      .poll(async () => {
        const { rows } = await client.query(
          "select from job_runs where job_id = any($1::bigint[]) and outcome = 'failed'",
          [ids],
        );
        return rows.length;
      })
      .toBe(count);
    return ids;
  } finally {
    await client.end();
  }
}

const rows = (page: Page) => page.getByRole("table", { name: /^Jobs: / }).locator("tbody tr");

async function openJobs(page: Page, marker: string): Promise<void> {
  await page.goto(`/queue?q=marker:${marker}`);
  await expect(page.getByRole("heading", { level: 1, name: "Queue" })).toBeVisible();
}

test("J-01 jobs are found by state and by any field of their payload, and the address says so", async ({
  page,
}) => {
  await failingJobs("found", 2);
  await page.goto("/queue");
  const field = page.getByRole("combobox", { name: "Filter jobs" });
  await page.keyboard.press("/");
  await expect(field).toBeFocused();
  await field.pressSequentially("task:refresh");
  await page.getByRole("option", { name: "task:refresh_work" }).click();
  await field.press("End");
  await field.pressSequentially(" marker:found");
  await field.press("Enter");
  await expect(page).toHaveURL(/\/queue\?q=task%3Arefresh_work\+marker%3Afound$/);
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByRole("link", { name: "2 failed" })).toHaveAttribute("aria-current", "true");

  await page.getByRole("link", { name: "0 scheduled" }).click();
  await expect(page.getByText("No scheduled job matches")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/queue$/);

  await page.goto("/queue?q=import:12+nonsense");
  await expect(page.getByText("copy the id from the import's address")).toBeVisible();
  await expect(page.getByText("nonsense is not understood")).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
});

test("J-02 a job's page says what happened, and leads on to its neighbours and back", async ({ page }) => {
  const [first = ""] = await failingJobs("told", 2);
  await openJobs(page, "told");
  await rows(page).last().getByRole("link").click();
  await expect(page).toHaveURL(`/queue/jobs/${first}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("refresh_work");
  await expect(page.getByText("Ran: attempt 1, failed")).toBeVisible();
  await expect(page.getByText("BAD_PAYLOAD")).toBeVisible();
  await expect(page.getByText("marker: ")).toBeVisible();
  await expect(page.getByRole("list", { name: /Runs of refresh_work/ })).toBeVisible();
  await expectAccessible(page);

  await page.keyboard.press("k");
  await expect(page).not.toHaveURL(new RegExp(`/queue/jobs/${first}$`));
  await expect(page.getByText("job ", { exact: false }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/queue\?q=marker:told$/);

  const answer = await page.goto("/queue/jobs/999999999999");
  expect(answer?.status()).toBe(404);
  await expect(page.getByText("There is no job with this id")).toBeVisible();
});

test("J-03 a selection is discarded with a reason, and the job's page remembers who did it", async ({
  page,
}) => {
  const [, second = ""] = await failingJobs("discarded", 2);
  await openJobs(page, "discarded");
  await page.getByRole("checkbox", { name: `Select refresh_work ${second}` }).check();
  await page.getByRole("button", { name: "Discard 1" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill("made by a test");
  await dialog.getByRole("button", { name: "Discard 1 job" }).click();
  await expect(page.getByText("Discarded 1 job.")).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await page.goto(`/queue/jobs/${second}`);
  await expect(page.getByText("Discarded by operator@reeldesk.local: made by a test")).toBeVisible();
  await expect(page.getByRole("button", { name: /Run now.*It was discarded/ })).toBeVisible();
});

test("J-03 all that match are retried by a job of its own, followed on its page", async ({ page }) => {
  await failingJobs("bulk", 3);
  await openJobs(page, "bulk");
  await page.getByRole("button", { name: "Apply to all 3 that match" }).click();
  await page.getByRole("button", { name: "Retry 3" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retry 3 jobs" }).click();
  await expect(page).toHaveURL(/\/queue\/actions\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Retry: failed jobs with marker:bulk");
  await expect(page.locator("header").getByText("completed", { exact: true })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole("progressbar")).toHaveAttribute("aria-valuetext", /^3 of 3/);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Bulk actions" }).first().click();
  await expect(page.getByRole("link", { name: "Retry: failed jobs with marker:bulk" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing on the pages of jobs, and none is wider than a telephone", async ({ page }) => {
      test.slow();
      const marker = `seen-${colorScheme}`;
      const [job] = await failingJobs(marker, 1);
      for (const address of [
        `/queue?q=marker:${marker}`,
        "/queue?state=completed",
        "/queue?q=nothing:here",
        "/queue?q=nonsense",
        `/queue/jobs/${job}`,
        "/queue/actions",
      ]) {
        await test.step(address, async () => {
          await page.setViewportSize({ width: 375, height: 812 });
          await page.goto(address);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expectNoSidewaysScroll(page);
          await page.setViewportSize({ width: 1280, height: 800 });
          await expectAccessible(page);
        });
      }
    });
  });
}
