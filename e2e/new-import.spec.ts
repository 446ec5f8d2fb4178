import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import {
  chooseFile,
  csv,
  filmAt,
  haveImported,
  importPage,
  status,
  type UploadedFile,
  WATCHED_HEADER,
  watchedRows,
} from "./desk.ts";
import { expect, test } from "./test.ts";

const REFUSED: readonly { what: string; file: UploadedFile; says: RegExp }[] = [
  {
    what: "a misspelt column",
    file: csv("misspelt.csv", ["Date,Nmae,Year,Letterboxd URI", "2024-01-01,Dune,2021,"]),
    says: /"Name" is (missing|misspelt)/,
  },
  { what: "no rows", file: csv("headers-only.csv", [WATCHED_HEADER]), says: /rows?/ },
  { what: "nothing at all", file: { ...csv("empty.csv", []), buffer: Buffer.alloc(0) }, says: /empty/ },
  {
    what: "a picture called CSV",
    file: { ...csv("picture.csv", []), buffer: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex") },
    says: /not a (CSV|text)/i,
  },
  {
    what: "a ZIP",
    file: { ...csv("export.csv", []), buffer: Buffer.from("504b0304140000000800", "hex") },
    says: /(ZIP|archive)/i,
  },
];

test("I-01 I-03 I-18 files that cannot be imported say why", async ({ page }) => {
  await page.goto("/imports/new");
  const field = page.getByLabel("CSV file");
  const start = page.getByRole("button", { name: "Start import" });
  const refuse = async (file: UploadedFile | string, says: RegExp) => {
    await field.setInputFiles(file);
    await expect(page.getByRole("alert")).toContainText(says);
    await expect(start).toHaveText(/\. The file cannot be imported/);
    // What is said of the next file must not be what was said of this one.
    await field.setInputFiles([]);
    await expect(start).toHaveText(/\. Choose a file first/);
  };
  for (const { what, file, says } of REFUSED) await test.step(what, () => refuse(file, says));
  await test.step("11 MB", async () => {
    // From disk: Playwright would carry its bytes to the browser, and into the trace, one message after the other.
    const path = test.info().outputPath("huge.csv");
    await writeFile(path, Buffer.alloc(11 * 1024 * 1024, "a,b\n"));
    await refuse(path, /at most 10\sMiB/);
  });
  await test.step("no row that can be used", async () => {
    const rows = ["2024-02-30,Dune,2021,", "2024-01-01,Heat,20055,"];
    await field.setInputFiles(csv("all-wrong.csv", [WATCHED_HEADER, ...rows]));
    await expect(page.getByRole("list", { name: "Problems by line" }).getByRole("listitem")).toHaveCount(2);
    await expect(start).toHaveText(/\. No row/);
  });
});

test("I-05 the way to read a file can be changed, and it is read anew", async ({ page }) => {
  await chooseFile(
    page,
    csv(
      "semicolons.csv",
      [WATCHED_HEADER, ...watchedRows(9_000, 2)].map((line) => line.replaceAll(",", ";")),
    ),
  );
  const found = page.getByRole("status").filter({ hasText: "semicolons.csv" });
  await expect(found).toContainText("semicolon");
  await page.getByLabel("Delimiter").selectOption("comma");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Delimiter").selectOption("semicolon");
  await expect(found).toContainText("2 rows");
  await page.getByLabel("Read as").selectOption('Letterboxd "watchlist"');
  await expect(found).toContainText("watchlist");
});

test("I-02 dates that can be read in two ways are read as the operator says", async ({ page }) => {
  await chooseFile(page, csv("NetflixViewingHistory.csv", ["Title,Date", `${filmAt(9_070).title},3/2/20`]));
  const sample = page.getByRole("region", { name: "First rows of the file" });
  const order = page.getByLabel("Dates are written");
  await order.selectOption({ label: "day first (26/9/2020)" });
  await expect(sample).toContainText("seen 3 Feb 2020");
  await order.selectOption({ label: "month first (9/26/2020)" });
  await expect(sample).toContainText("seen 2 Mar 2020");
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await importPage(page, "NetflixViewingHistory.csv");
  await expect(page.getByRole("table", { name: "Rows of this import" })).toContainText("2 Mar 2020");
});

test("two quick presses start one import; the same file again is recognised (I-14)", async ({ page }) => {
  const name = `pressed-twice-${randomUUID().slice(0, 8)}`;
  const file = csv(`${name}.csv`, [WATCHED_HEADER, ...watchedRows(9_010, 2)]);
  await chooseFile(page, file);
  await page.getByRole("button", { name: "Start import", exact: true }).dblclick();
  await importPage(page, `${name}.csv`);
  await expect(status(page, "completed")).toBeVisible();
  await page.goto(`/imports?q=${name}`);
  await expect(page.getByRole("table", { name: "Imports" }).getByRole("row")).toHaveCount(2);

  await chooseFile(page, file);
  await expect(page.getByText(/This very file was imported/)).toBeVisible();
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await expect(status(page, "completed")).toBeVisible();
  await expect(page.getByRole("link", { name: "2 skipped", exact: true })).toBeVisible();
});

test("a session that ended meanwhile costs nothing", async ({ page, context }) => {
  await chooseFile(page, csv("long-lunch.csv", [WATCHED_HEADER, ...watchedRows(9_020, 1)]));
  await expect(page.getByRole("button", { name: "Start import", exact: true })).toBeVisible();
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("You are signed out");
  await expect(page.getByRole("link", { name: "Sign in in another tab" })).toBeVisible();

  await context.addCookies(cookies);
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await expect(status(page, "completed")).toBeVisible();
});

test("a server that is away costs nothing either", async ({ page, context }) => {
  await chooseFile(page, csv("no-network.csv", [WATCHED_HEADER, ...watchedRows(9_030, 1)]));
  await expect(page.getByRole("button", { name: "Start import", exact: true })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await expect(status(page, "completed")).toBeVisible();
});

test("I-09 a dry run writes nothing, and leads on to the real import", async ({ page }) => {
  await chooseFile(page, csv("rehearsal.csv", [WATCHED_HEADER, ...watchedRows(9_040, 2)]));
  await page.getByLabel(/Dry run/).check();
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  const note = page.getByText("Dry run: nothing was written.");
  await expect(note).toBeVisible();
  await expect(status(page, "completed")).toBeVisible();
  const rehearsal = page.url();
  await page.getByRole("button", { name: "Import for real" }).click();
  await expect(note).toBeHidden();
  expect(page.url()).not.toBe(rehearsal);
  await expect(status(page, "completed")).toBeVisible();
  await expect(page.getByRole("link", { name: "2 success", exact: true })).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the plain form uploads and starts", async ({ page }) => {
    await page.goto("/imports/new");
    await page
      .getByLabel("CSV file")
      .setInputFiles(csv("plain-form.csv", [WATCHED_HEADER, ...watchedRows(9_050, 1)]));
    await page.getByRole("button", { name: "Start import" }).click();
    await importPage(page, "plain-form.csv");
  });

  test("a refusal is said on the form", async ({ page }) => {
    await page.goto("/imports/new");
    await page.getByLabel("CSV file").setInputFiles(csv("plain-bad.csv", ["Some,Other,Columns", "1,2,3"]));
    await page.getByRole("button", { name: "Start import" }).click();
    await expect(page.getByRole("alert")).toContainText("header");
  });
});

test("a file that is dropped is taken like one that is chosen", async ({ page }) => {
  await page.goto("/imports/new");
  const text = [WATCHED_HEADER, ...watchedRows(9_060, 1)].join("\n");
  const dropped = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "dropped.csv", { type: "text/csv" }));
    return transfer;
  }, text);
  await page.getByText("Drop a CSV file here").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(page.getByRole("status").filter({ hasText: "dropped.csv" })).toContainText("1 row");
});

test("the title of a film stays text, whatever it holds", async ({ page }) => {
  const title = "<img src=x onerror=alert(1)>";
  const file = csv("hostile.csv", [WATCHED_HEADER, `2024-01-01,${title},1999,javascript:alert(1)`]);
  await page.goto(`/imports/${await haveImported(file, "failed")}`);
  await page.getByRole("link", { name: title }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText("javascript:alert(1)").first()).toBeVisible();
  await expect(drawer.getByRole("link", { name: /javascript/ })).toHaveCount(0);
});
