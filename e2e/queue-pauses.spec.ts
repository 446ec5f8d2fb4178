import { randomUUID } from "node:crypto";
import { expect, type Locator, type Page, test } from "@playwright/test";
import pg from "pg";
import {
  csv,
  expectAccessible,
  expectNoSidewaysScroll,
  filmAt,
  slowDown,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";

/** Runs a statement as other people's SQL would. */
async function statement<Row extends pg.QueryResultRow>(
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: process.env.E2E_DATABASE_URL });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

const table = (page: Page, name: string) => page.getByRole("table", { name, exact: true });

/** Opens a question; until the page's script runs, a press would send the form without asking. */
async function ask(page: Page, button: Locator, name: string | RegExp): Promise<Locator> {
  const question = page.getByRole("dialog", { name });
  await expect(async () => {
    await button.click();
    await expect(question).toBeVisible({ timeout: 1_000 });
  }).toPass();
  return question;
}

test("J-05 an import is paused with a reason, says so, and goes on when it is resumed", async ({ page }) => {
  test.slow();
  const letGo = await slowDown([filmAt(8_800).title], 20_000);
  const name = `paused-${randomUUID().slice(0, 8)}.csv`;
  await startImport(page, csv(name, [WATCHED_HEADER, ...watchedRows(8_800, 3)]));
  const address = page.url();
  await page.getByRole("link", { name: "Pause…" }).click();
  await expect(page).toHaveURL(/\/queue\/pauses\?pause=import:/);
  await expect(page.getByLabel("What")).toContainText(name);
  // A pause without a reason is refused, and what was chosen stays.
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Say why");
  await page.getByLabel("Why").fill("The file has the wrong dates");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const row = table(page, "What is paused").getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText("The file has the wrong dates");
  await expect(row).toContainText("operator@reeldesk.local");
  await expectAccessible(page);

  await page.goto(address);
  const notice = page.getByRole("status").filter({ hasText: "Paused by operator@reeldesk.local" });
  await expect(notice).toContainText("The file has the wrong dates");
  await expectAccessible(page);
  await notice.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText(/Resumed import/)).toBeVisible();
  await expect(notice).toBeHidden();
  await letGo();
  await expect(status(page, "completed")).toBeVisible({ timeout: 90_000 });

  await page.goto("/queue/pauses");
  const past = table(page, "Past pauses").getByRole("row", { name: new RegExp(name) });
  await expect(past).toContainText("The file has the wrong dates");
});

test("J-05 what somebody else resumed meanwhile is said, not broken", async ({ page }) => {
  const flag = `import:${randomUUID()}`;
  const [pause] = await statement<{ id: string }>(
    "insert into queue_pauses (flag, reason, paused_by) values ($1, 'a rehearsal', 'ann@example.com') returning id",
    [flag],
  );
  await page.goto("/queue/pauses");
  const row = table(page, "What is paused").getByRole("row", { name: /a rehearsal/ });
  await expect(row).toContainText(`import ${flag.slice(7, 15)}`);
  await statement(
    "update queue_pauses set resumed_at = now(), resumed_by = 'bob@example.com' where id = $1",
    [pause!.id],
  );
  const answer = await page.request.post("/queue/pauses.data", {
    form: { intent: "resume", pause: pause!.id },
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(answer.status()).toBe(409);
  expect(await answer.text()).toContain("was resumed by bob@example.com meanwhile");
});

test("J-04 failures of one cause stand together; they are ignored for a time, and retried", async ({
  page,
}) => {
  await statement(
    "select graphile_worker.add_job('refresh_work', json_build_object('workId', 'no number ' || n)) from generate_series(1, 2) as n",
  );
  test.slow();
  await expect(async () => {
    const failed = await statement(
      "select from job_runs where error_code = 'BAD_PAYLOAD' and task = 'refresh_work' and outcome = 'failed'",
    );
    expect(failed).toHaveLength(2);
  }).toPass();
  await page.goto("/queue/failures");
  const row = table(page, "Groups of failures").getByRole("row", {
    name: /workId.*refresh_work · BAD_PAYLOAD/s,
  });
  await expect(row.getByRole("button", { name: "Retry 2" })).toBeVisible();
  await expectAccessible(page);
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/queue\/failures\/[0-9a-f]{16}$/);
  const address = page.url();
  await expect(table(page, "Last failed attempts").getByRole("row")).toHaveCount(3);
  await expectAccessible(page);

  const ignoring = await ask(page, page.getByRole("button", { name: "Ignore…" }), "Ignore this group?");
  await ignoring.getByLabel("For").selectOption("1 week");
  await ignoring.getByLabel("Why").fill("A script of ours writes them");
  await expectAccessible(page);
  await ignoring.getByRole("button", { name: "Ignore group" }).click();
  await expect(page.getByText("until").filter({ hasText: "A script of ours writes them" })).toBeVisible();
  await page.goto("/queue/failures?show=ignored");
  const ignored = table(page, "Ignored groups of failures").getByRole("row", { name: /BAD_PAYLOAD/ });
  await expect(ignored).toContainText("A script of ours writes them");
  await ignored.getByRole("button", { name: "Watch again" }).click();
  await expect(ignored).toBeHidden();

  await page.goto(address);
  const retrying = await ask(page, page.getByRole("button", { name: "Retry 2" }), "Retry 2 jobs?");
  await retrying.getByRole("button", { name: "Retry 2 jobs" }).click();
  await expect(page.getByText("Retried 2 jobs.")).toBeVisible();
  // They fail again of the same, in the same group; the page learns of it by itself.
  await expect(table(page, "Last failed attempts").getByRole("row")).toHaveCount(5, { timeout: 30_000 });
  await statement(`
    select graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs where task_identifier = 'refresh_work' and last_error like '%workId%'))`);
});

test("J-07 the page of workers says who works, with what, and when it was heard", async ({ page }) => {
  await page.goto("/queue/workers");
  const workers = table(page, "Workers");
  await expect(workers.getByRole("row")).not.toHaveCount(1);
  await expect(workers).toContainText("running");
  await expect(workers).toContainText(/\d+ of \d+/);
  await expectAccessible(page);
});

test("no page of these is wider than a telephone, in the dark either", async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  await page.emulateMedia({ colorScheme: "dark" });
  for (const address of [
    "/queue/failures",
    "/queue/failures?show=ignored",
    "/queue/pauses",
    "/queue/workers",
  ]) {
    await test.step(address, async () => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    });
  }
});

test("J-01 a page that keeps itself fresh says where it is, a person's click where he came from", async ({
  page,
}) => {
  const stream = page.waitForResponse((answer) => answer.url().includes("/live?topic=console"));
  await page.goto("/queue/workers");
  await stream;
  const path = (url: string | undefined) => (url === undefined ? undefined : new URL(url).pathname);
  const dataOf = (name: string) => page.waitForRequest((request) => path(request.url()) === `${name}.data`);
  const own = dataOf("/queue/workers");
  await statement(`insert into queue_pauses (flag, reason, paused_by, resumed_at, resumed_by)
    values ('task:nothing', 'over already', 'e2e', now(), 'e2e')`);
  expect(path((await (await own).allHeaders()).referer)).toBe("/queue/workers");
  const opened = dataOf("/schedules");
  await page.getByRole("link", { name: "Schedules" }).click();
  expect(path((await (await opened).allHeaders()).referer)).toBe("/queue/workers");
});
