import { expectAccessible } from "./accessible.ts";
import { csv, expectFitsTelephone, startImport, status, WATCHED_HEADER } from "./desk.ts";
import { expect, test } from "./test.ts";

test("M-03 doubtful titles are decided by key, one after another; an id is looked up, and the last one undone", async ({
  page,
}) => {
  await startImport(
    page,
    csv("review.csv", [
      WATCHED_HEADER,
      "2019-07-01,King Kong,,https://boxd.it/c1",
      "2019-07-02,King Kong,,https://boxd.it/c2",
    ]),
  );
  await expect(status(page, "partial")).toBeVisible();
  const address = page.url();
  await page.goto(`/review?${new URLSearchParams({ title: "king kong||" })}`);
  const kingKong = page.getByRole("article", { name: "Decide King Kong" });
  await expect(kingKong).toContainText("2 rows in 1 import");
  await expect(kingKong.getByRole("link", { name: "line 2 of review.csv" })).toBeVisible();
  await expect(kingKong.getByRole("button", { name: /^Pick 1: King Kong \(\d{4}\)/ })).toBeVisible();

  await test.step("an id that names nothing says so; one that does is shown before it is taken", async () => {
    await page.keyboard.press("i");
    const id = page.getByLabel("Another title, by its id");
    await expect(id).toBeFocused();
    await id.fill("nm0000206");
    await id.press("Enter");
    await expect(page.getByText("This IMDb id is not that of a film or series")).toBeVisible();
    await id.fill("603");
    await id.press("Enter");
    await expect(page.getByRole("button", { name: "Take The Matrix (1999)" })).toBeVisible();
  });

  await page.getByRole("button", { name: "Take The Matrix (1999)" }).click();
  await expect(page.getByText("Decided. 2 rows are processed again.")).toBeVisible();
  await expect(kingKong).toBeHidden();

  await page.keyboard.press("u");
  await expect(page.getByText("Undone. 2 rows wait again.")).toBeVisible();
  await expect(kingKong).toBeVisible();
  await page.keyboard.press("1");
  await expect(kingKong).toBeHidden();

  await page.goto(address);
  await expect(page.getByRole("link", { name: "2 success" })).toBeVisible();
  await expect(page.getByRole("link", { name: "0 review" })).toBeVisible();
});

test("M-04 Review and its aliases are free of what axe knows and fit a phone; a revoked alias lets its row wait again", async ({
  page,
}) => {
  await startImport(page, csv("narrow.csv", [WATCHED_HEADER, "2019-08-01,Carrie,,https://boxd.it/n1"]));
  await expect(status(page, "partial")).toBeVisible();
  await page.goto(`/review?${new URLSearchParams({ title: "carrie||" })}`);
  const carrie = page.getByRole("article", { name: "Decide Carrie" });
  await expect(carrie).toContainText("1 row in 1 import");
  await expectAccessible(page);
  await expectFitsTelephone(page);
  await page.keyboard.press("n");
  await expect(carrie).toBeHidden();

  await page.goto("/review/aliases?q=carrie");
  await expect(page.getByRole("table", { name: "Aliases", exact: true })).toContainText(
    "none of the titles found",
  );
  await expectFitsTelephone(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByRole("button", { name: "Revoke and re-open 1 row" }).click();
  await expect(page.getByText("No alias has this title")).toBeVisible();
  await page.goto(`/review?${new URLSearchParams({ title: "carrie||" })}`);
  await expect(carrie).toBeVisible();
});
