import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { csv, expectFitsTelephone } from "./desk.ts";
import { expect, test } from "./test.ts";

async function ask(page: Page, button: string, question: RegExp) {
  await page.getByRole("button", { name: button, exact: true }).click();
  return page.getByRole("dialog", { name: question });
}

const EXPORT_HEADER =
  "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated";

test("L-01 and L-08 a list is added by its address, filled by its export, and its titles lead to works", async ({
  page,
}) => {
  await page.goto("/lists");
  const form = await ask(page, "Add list", /Add a list/);
  await form.getByLabel("Address at IMDb").fill("https://www.imdb.com/title/tt0133093/");
  await form.getByRole("textbox", { name: "Name" }).fill("Three that matter");
  await form.getByRole("button", { name: "Add 1 list" }).click();
  await expect(form).toContainText("This is no address of an IMDb list or event");
  await form.getByLabel("Address at IMDb").fill("https://www.imdb.com/list/ls050007777/");
  await form.getByRole("button", { name: "Add 1 list" }).click();
  await expect(page).toHaveURL(/\/lists\/three_that_matter$/);
  await expect(page.getByText("No titles yet")).toBeVisible();

  const upload = await ask(page, "Upload page", /Upload a page/);
  await upload
    .getByLabel(/saved page/)
    .setInputFiles(
      csv("three.csv", [
        EXPORT_HEADER,
        "1,tt0133093,,,,The Matrix,,,Movie,,,1999,,,,,,",
        "2,tt0113277,,,,Heat,,,Movie,,,1995,,,,,,",
        "4,tt9999990,,,,Nobody knows it,,,Movie,,,1931,,,,,,",
      ]),
    );
  await upload.getByRole("button", { name: "Import this file" }).click();
  const titles = page.getByRole("table", { name: "Titles of this list" });
  await expect(titles.getByRole("row")).toHaveCount(4);
  await expect(titles.getByRole("row").nth(1)).toContainText("linked", { timeout: 40_000 });
  await expect(titles.getByRole("row").nth(3)).toContainText("TMDB has no film or series", {
    timeout: 40_000,
  });
  await expect(page.getByText("1 position without a title: 3")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: /unlinked/ }).click();
  await expect(titles.getByRole("row")).toHaveCount(2);
  await expect(page).toHaveURL(/state=unlinked/);
  await expectFitsTelephone(page);

  await page.goto("/lists/three_that_matter");
  await titles
    .getByRole("link", { name: /The Matrix/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/library\/\d+$/);
  await expect(page.getByRole("heading", { name: "Lists and awards" })).toBeVisible();
  await expect(page.getByText("place 1")).toBeVisible();
});

test("L-05 an event is imported for two years, and its ceremonies name winners first", async ({ page }) => {
  test.slow();
  await page.goto("/lists/venice_2024");
  const question = await ask(page, "Import now", /Import this event/);
  await question.getByLabel("Years").fill("2023-2024");
  await question.getByRole("button", { name: "Import these years" }).click();
  const imports = page.getByRole("table", { name: "Imports of this list" });
  await expect(imports.getByRole("row").nth(1)).toContainText("completed", { timeout: 40_000 });
  await expect(imports.getByRole("row").nth(1)).toContainText("2023–2024");
  await page.getByRole("link", { name: "ceremonies" }).click();

  const ceremonies = page.getByRole("table", { name: "Ceremonies" });
  await expect(ceremonies.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("figure", { name: /Nominations per year/ })).toBeVisible();
  await expectAccessible(page);
  await expectFitsTelephone(page);
  await ceremonies.getByRole("link").first().click();

  await expect(page).toHaveURL(/\/lists\/ceremonies\/\d+$/);
  const first = page.getByRole("table", { name: /^Nominations: / }).first();
  await expect(first.getByRole("row").nth(1)).toContainText("won");
  await expectAccessible(page);
  await expectFitsTelephone(page);
});
