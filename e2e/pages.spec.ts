import { expect, type Page, test } from "@playwright/test";
import {
  csv,
  expectAccessible,
  expectNoSidewaysScroll,
  startImport,
  status,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";

/** An import with rows of every fate that a quick one has: found, doubtful, not found, unreadable, doubled. */
async function mixedImport(page: Page, first: number): Promise<string> {
  await startImport(
    page,
    csv(`mixed-${first}-with-a-name-that-is-longer-than-any-telephone-is-wide.csv`, [
      WATCHED_HEADER,
      "2018-01-01,Suspiria,,https://boxd.it/a",
      "2018-01-02,No Such Film Anywhere,1971,https://boxd.it/b",
      "2018-01-03,Heat,20055,https://boxd.it/c",
      ...watchedRows(first, 2),
      ...watchedRows(first, 1),
    ]),
  );
  await expect(status(page, "partial")).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Every page, an import's in each of its states. */
function pagesOf(imported: string): string[] {
  return [
    "/",
    "/imports",
    "/imports?q=nothing+has+this+name",
    "/imports/new",
    imported,
    `${imported}?status=failed`,
    `${imported}?q=nothing+has+this+name`,
    `${imported}?row=1`,
    `${imported}?row=2`,
    `${imported}?row=3`,
    `${imported}?row=4`,
    `${imported}?row=6`,
    `${imported}?tab=events`,
    `${imported}?tab=options`,
    "/settings",
    "/settings?tab=api-keys",
    "/settings?tab=operators",
    "/help/sources",
    "/docs/api",
    "/no/such/page",
  ];
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  if (address.includes("row=")) await expect(page.getByRole("dialog")).toBeVisible();
}

for (const [colorScheme, first] of [
  ["light", 9_200],
  ["dark", 9_210],
] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing on any page", async ({ page }) => {
      test.slow();
      const imported = await mixedImport(page, first);
      for (const address of pagesOf(imported)) {
        await test.step(address.replace(imported, "/imports/:jobId"), async () => {
          await open(page, address);
          await expectAccessible(page);
        });
      }
    });
  });
}

test("no page is wider than a telephone", async ({ page }) => {
  test.slow();
  const imported = await mixedImport(page, 9_220);
  await page.setViewportSize({ width: 375, height: 812 });
  for (const address of pagesOf(imported)) {
    await test.step(address.replace(imported, "/imports/:jobId"), async () => {
      await open(page, address);
      await expectNoSidewaysScroll(page);
    });
  }
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
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Imports" }).click();
  await expect(page).toHaveURL(/\/imports$/);
  await expect(page.getByRole("button", { name: "Navigation" })).toBeVisible();
});
