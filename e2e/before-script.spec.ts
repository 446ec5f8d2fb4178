import type { Page } from "@playwright/test";
import { csv, WATCHED_HEADER, watchedRows } from "./desk.ts";
import { expect, test } from "./test.ts";

/** Opens a page whose script arrives only when something is done on it, as on a slow line. */
async function openBeforeScript(page: Page, address: string, act: () => Promise<void>): Promise<void> {
  const done = Promise.withResolvers<void>();
  await page.route(/\.js$/, async (route) => {
    await done.promise;
    await route.continue();
  });
  const opened = page.goto(address);
  await act();
  done.resolve();
  await opened;
}

test("a file that was chosen before the script ran is checked", async ({ page }) => {
  const file = csv("early.csv", [WATCHED_HEADER, ...watchedRows(9_080, 1)]);
  await openBeforeScript(page, "/imports/new", () => page.getByLabel("CSV file").setInputFiles(file));
  await expect(page.getByRole("status").filter({ hasText: "early.csv" })).toContainText("1 row");
});

test("a filter that was typed before the script ran is sent", async ({ page }) => {
  const box = page.getByRole("combobox", { name: "Filter calls" });
  await openBeforeScript(page, "/upstreams/calls", () => box.fill("error:NO_SUCH_CODE"));
  await box.press("Enter");
  await expect(page.getByRole("link", { name: "last 24 h" })).toHaveAttribute(
    "href",
    /q=error%3ANO_SUCH_CODE/,
  );
  await expect(page).toHaveURL(/q=error%3ANO_SUCH_CODE/);
});
