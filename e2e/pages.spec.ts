import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { csv, expectFitsTelephone, haveImported, WATCHED_HEADER, watchedRows } from "./desk.ts";
import { expect, test } from "./test.ts";

/** An import with rows of every fate that a quick one has: found, doubtful, not found, unreadable, doubled. */
function mixedImport(first: number): Promise<string> {
  const file = csv(`mixed-${first}-with-a-name-that-is-longer-than-any-telephone-is-wide.csv`, [
    WATCHED_HEADER,
    "2018-01-01,Suspiria,,https://boxd.it/a",
    "2018-01-02,No Such Film Anywhere,1971,https://boxd.it/b",
    "2018-01-03,Heat,20055,https://boxd.it/c",
    ...watchedRows(first, 2),
    ...watchedRows(first, 1),
  ]);
  return haveImported(file, "partial");
}

async function walk(page: Page, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    await test.step(address.replace(/[0-9a-f-]{36}/, ":jobId"), async () => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      if (address.includes("row=")) await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page);
      await expectFitsTelephone(page);
    });
  }
}

test("axe finds nothing on the pages of an import, and none is wider than a telephone", async ({ page }) => {
  test.slow();
  const imported = `/imports/${await mixedImport(9_200)}`;
  const views = [
    "",
    "?status=failed",
    "?q=nothing+has+this+name",
    "?row=1",
    "?row=2",
    "?row=3",
    "?row=4",
    "?row=6",
    "?tab=events",
    "?tab=options",
  ];
  await walk(
    page,
    views.map((view) => `${imported}${view}`),
  );
});

test("axe finds nothing on any other page of the desk, and none is wider than a telephone", async ({
  page,
}) => {
  test.slow();
  await mixedImport(9_210);
  await walk(page, [
    "/imports",
    "/imports?q=nothing+has+this+name",
    "/imports/new",
    "/settings",
    "/settings?tab=api-keys",
    "/settings?tab=operators",
    "/help/sources",
    "/docs/api",
    "/no/such/page",
  ]);
});

test("addresses that lead nowhere say so inside the shell", async ({ page }) => {
  for (const address of [
    "/no/such/page",
    "/imports/not-an-id",
    "/imports/00000000-0000-4000-8000-000000000000",
  ]) {
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  }
  const bad = await page.goto("/imports?cursor=nonsense");
  expect(bad?.status()).toBe(400);
  await expect(page.getByText(/cursor is not one that this list gave out/)).toBeVisible();
});

test("unknown filters are left aside", async ({ page }) => {
  const answer = await page.goto("/imports?status=nonsense&source=nowhere&failures=maybe");
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { name: "Imports", level: 1 })).toBeVisible();
});

test("the telephone has its navigation behind a button", async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  await page.goto("/");
  await page.getByRole("button", { name: "Navigation" }).click();
  const imports = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Imports" });
  await imports.click();
  await expect(page.getByRole("heading", { level: 1, name: "Imports" })).toBeVisible();
  await expect(page).toHaveURL(/\/imports$/);
  await expect(imports).toBeHidden();
});
