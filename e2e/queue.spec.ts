import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { choose, expectFitsTelephone } from "./desk.ts";
import { statement } from "./statement.ts";
import { expect, test } from "./test.ts";

/**
 * Adds jobs that fail at once, as other people's SQL would: their payload does not fit the task. Resolves when they have failed,
 * to their ids and to the marker that only they have.
 */
async function failingJobs(name: string, count: number): Promise<{ ids: string[]; marker: string }> {
  const marker = `${name}-${randomUUID().slice(0, 8)}`;
  const added = await statement<{ id: string }>(
    `select (graphile_worker.add_job('refresh_work',
        json_build_object('workId', 'no number', 'marker', $1::text, 'index', n), max_attempts := 10)).id
      from generate_series(1, $2::int) as n`,
    [marker, count],
  );
  const ids = added.map(({ id }) => id);
  const failed = () =>
    statement("select from job_runs where job_id = any($1::bigint[]) and outcome = 'failed'", [ids]);
  await expect.poll(async () => (await failed()).length).toBe(count);
  return { ids, marker };
}

const rows = (page: Page) => page.getByRole("table", { name: /^Jobs: / }).locator("tbody tr");

async function openJobs(page: Page, marker: string): Promise<void> {
  await page.goto(`/queue?q=marker:${marker}`);
  await expect(page.getByRole("heading", { level: 1, name: "Queue" })).toBeVisible();
}

test("J-01 jobs are found by state and by any field of their payload, and the address says so", async ({
  page,
}) => {
  const { marker } = await failingJobs("found", 2);
  await page.goto("/queue");
  const field = page.getByRole("combobox", { name: "Filter jobs" });
  await page.keyboard.press("/");
  await expect(field).toBeFocused();
  await field.pressSequentially("task:refresh");
  await page.getByRole("option", { name: "task:refresh_work" }).click();
  await field.press("End");
  await field.pressSequentially(` marker:${marker}`);
  await field.press("Enter");
  await expect(rows(page)).toHaveCount(2);
  await expect(page).toHaveURL(new RegExp(`/queue\\?q=task%3Arefresh_work\\+marker%3A${marker}$`));
  await expect(page.getByRole("link", { name: "2 failed", exact: true })).toHaveAttribute(
    "aria-current",
    "true",
  );

  await choose(page.getByRole("link", { name: "0 scheduled", exact: true }));
  await expect(page.getByText("No scheduled job matches")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(field).toHaveValue("");
  await expect(page).toHaveURL(/\/queue$/);

  await page.goto("/queue?q=import:12+nonsense");
  await expect(page.getByText("copy the id from the import's address")).toBeVisible();
  await expect(page.getByText("nonsense is not understood")).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
});

test("J-02 a job's page says what happened, and leads on to its neighbours and back", async ({ page }) => {
  const { ids, marker } = await failingJobs("told", 2);
  await openJobs(page, marker);
  await expect(rows(page)).toHaveCount(2);
  // Two slots took them at once, so either may have failed first.
  const last = rows(page).last().getByRole("link");
  const lastId = (await last.getAttribute("href"))?.split("/").at(-1) ?? "";
  const otherId = ids.find((id) => id !== lastId) ?? "";
  await last.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("refresh_work");
  await expect(page).toHaveURL(`/queue/jobs/${lastId}`);
  await expect(page.getByText("Ran: attempt 1, failed")).toBeVisible();
  await expect(page.getByText("BAD_PAYLOAD").first()).toBeVisible();
  await expect(page.getByText("marker: ")).toBeVisible();
  await expect(page.getByRole("list", { name: /Runs of refresh_work/ })).toBeVisible();
  await expectAccessible(page);

  // While a dialog asks, keys are its own: `k` would change the job that it is about, Escape leave the page as well.
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Retry this job?" });
  await expect(question).toBeVisible();
  await page.keyboard.press("k");
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(page).toHaveURL(`/queue/jobs/${lastId}`);

  await page.keyboard.press("k");
  await expect(page.locator("header").getByText(`job ${otherId}`)).toBeVisible();
  await expect(page).toHaveURL(`/queue/jobs/${otherId}`);
  await page.keyboard.press("Escape");
  await expect(rows(page)).toHaveCount(2);
  await expect(page).toHaveURL(`/queue?q=marker:${marker}`);

  const answer = await page.goto("/queue/jobs/999999999999");
  expect(answer?.status()).toBe(404);
  await expect(page.getByText("There is no job with this id")).toBeVisible();
});

test("J-03 a selection is discarded with a reason, and the job's page remembers who did it", async ({
  page,
}) => {
  const { ids, marker } = await failingJobs("discarded", 2);
  const [, second = ""] = ids;
  await openJobs(page, marker);
  await page.getByRole("checkbox", { name: `Select refresh_work ${second}` }).check();
  await page.getByRole("button", { name: "Discard 1" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill("made by a test");
  await dialog.getByRole("button", { name: "Discard 1 job" }).click();
  await expect(dialog).toBeHidden();
  await expect(rows(page)).toHaveCount(1);
  await page.goto(`/queue/jobs/${second}`);
  await expect(page.getByText("Discarded by operator@reeldesk.local: made by a test")).toBeVisible();
  await expect(page.getByRole("button", { name: /Run now.*It was discarded/ })).toBeVisible();
});

test("J-03 all that match are retried by a job of its own, followed on its page", async ({ page }) => {
  const { marker } = await failingJobs("bulk", 3);
  const title = `Retry: failed jobs with marker:${marker}`;
  await openJobs(page, marker);
  await page.getByRole("button", { name: "Apply to all 3 that match" }).click();
  await page.getByRole("button", { name: "Retry 3" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retry 3 jobs" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page).toHaveURL(/\/queue\/actions\/[0-9a-f-]{36}$/);
  await expect(page.locator("header").getByText("completed", { exact: true })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole("progressbar")).toHaveAttribute("aria-valuetext", /^3 of 3/);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Bulk actions" }).first().click();
  await expect(page.getByRole("link", { name: title })).toBeVisible();
});

test("axe finds nothing on the pages of jobs, and none is wider than a telephone", async ({ page }) => {
  test.slow();
  const { ids, marker } = await failingJobs("seen", 1);
  for (const address of [
    `/queue?q=marker:${marker}`,
    "/queue?state=completed",
    "/queue?q=nothing:here",
    "/queue?q=nonsense",
    `/queue/jobs/${ids[0]}`,
    "/queue/actions",
  ]) {
    await test.step(address, async () => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectFitsTelephone(page);
    });
  }
});
