import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import {
  csv,
  expectFitsTelephone,
  filmAt,
  slowDown,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";
import { statement } from "./statement.ts";
import { expect, test } from "./test.ts";

const table = (page: Page, name: string) => page.getByRole("table", { name, exact: true });

test("J-05 an import is paused with a reason, says so, and goes on when it is resumed", async ({ page }) => {
  test.slow();
  // Two are asked for at once: half a minute to pause it in, and four seconds until those in hand are done.
  const films = 16;
  const titles = Array.from({ length: films }, (_, offset) => filmAt(8_800 + offset).title);
  const letGo = await slowDown(titles, 4_000);
  const name = `paused-${randomUUID().slice(0, 8)}.csv`;
  await startImport(page, csv(name, [WATCHED_HEADER, ...watchedRows(8_800, films)]));
  const address = page.url();
  await page.getByRole("link", { name: "Pause…" }).click();
  await expect(page.getByLabel("What", { exact: true })).toHaveValue(/^import:/);
  await expect(page.getByLabel("What", { exact: true })).toContainText(name);
  await expect(page).toHaveURL(/\/queue\/pauses\?pause=import:/);
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
  await letGo();
  await notice.getByRole("button", { name: "Resume" }).click();
  await expect(notice).toBeHidden();
  await expect(status(page, "completed")).toBeVisible({ timeout: 30_000 });

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
  const row = table(page, "What is paused").getByRole("row", { name: `import ${flag.slice(7, 15)}` });
  await expect(row).toContainText("a rehearsal");
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

/** Payloads that do not fit: a group of failures of its own for each time that `--repeat-each` runs the test. */
const UNFIT = [
  { workId: "none", says: "received NaN" },
  { workId: "-1", says: "Too small" },
  { workId: "1.5", says: "expected int" },
];

test("J-04 failures of one cause stand together; they are ignored for a time, and retried", async ({
  page,
}) => {
  test.slow();
  const { workId, says } = UNFIT[test.info().repeatEachIndex % UNFIT.length]!;
  // No other test gives this task anything that it cannot read.
  const added = await statement<{ id: string }>(
    "select (graphile_worker.add_job('fetch_episode_counts', json_build_object('workId', $1::text))).id from generate_series(1, 2)",
    [workId],
  );
  const jobs = added.map(({ id }) => id);
  const attempts = async () =>
    (await statement("select from job_runs where job_id = any($1::bigint[]) and outcome = 'failed'", [jobs]))
      .length;
  await expect.poll(attempts).toBe(2);
  await page.goto("/queue/failures");
  const row = table(page, "Groups of failures")
    .getByRole("row", { name: "fetch_episode_counts · BAD_PAYLOAD" })
    .filter({ hasText: says });
  await expect(row.getByRole("button", { name: "Retry 2" })).toBeVisible();
  await expectAccessible(page);
  await row.getByRole("link").first().click();
  const last = table(page, "Last failed attempts").getByRole("row");
  await expect(last).toHaveCount(3);
  await expect(page).toHaveURL(/\/queue\/failures\/[0-9a-f]{16}$/);
  const address = page.url();

  await page.getByRole("button", { name: "Ignore…" }).click();
  const ignoring = page.getByRole("dialog", { name: "Ignore this group?" });
  await ignoring.getByLabel("For").selectOption("1 week");
  await ignoring.getByLabel("Why").fill("A script of ours writes them");
  await expectAccessible(page);
  await ignoring.getByRole("button", { name: "Ignore group" }).click();
  await expect(page.getByText("until").filter({ hasText: "A script of ours writes them" })).toBeVisible();
  await page.goto("/queue/failures?show=ignored");
  const ignored = table(page, "Ignored groups of failures")
    .getByRole("row", { name: /fetch_episode_counts/ })
    .filter({ hasText: says });
  await expect(ignored).toContainText("A script of ours writes them");
  await ignored.getByRole("button", { name: "Watch again" }).click();
  await expect(ignored).toBeHidden();

  await page.goto(address);
  await page.getByRole("button", { name: "Retry 2" }).click();
  const retrying = page.getByRole("dialog", { name: "Retry 2 jobs?" });
  await retrying.getByRole("button", { name: "Retry 2 jobs" }).click();
  await expect(retrying).toBeHidden();
  // They fail again of the same, in the same group; the page learns of it by itself.
  await expect(last).toHaveCount(5, { timeout: 30_000 });
  await expectAccessible(page);
  await statement("select graphile_worker.complete_jobs($1::bigint[])", [jobs]);
});

test("J-07 the page of workers says who works, with what, and when it was heard", async ({ page }) => {
  await page.goto("/queue/workers");
  const workers = table(page, "Workers");
  await expect(workers.getByRole("row")).not.toHaveCount(1);
  await expect(workers).toContainText("running");
  await expect(workers).toContainText(/\d+ of \d+/);
});

test("axe finds nothing on failures, pauses and workers, and none is wider than a telephone", async ({
  page,
}) => {
  for (const address of [
    "/queue/failures",
    "/queue/failures?show=ignored",
    "/queue/pauses",
    "/queue/workers",
  ]) {
    await test.step(address, async () => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectFitsTelephone(page);
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
