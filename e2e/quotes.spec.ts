import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expectFitsTelephone } from "./desk.ts";
import { statement } from "./statement.ts";
import { expect, test } from "./test.ts";

const link = (imdbId: string, number: number) =>
  `https://www.imdb.com/title/${imdbId}/quotes/?item=qt770000${number}`;
const said = (text: string, character: string | null = "Vera", stageDirection: string | null = null) => ({
  character,
  text,
  stageDirection,
});

/** Tabstack's stand-in answers like this for one film. @returns takes that back */
async function answerQuotes(request: APIRequestContext, imdbId: string, quotes: unknown[]) {
  const faults = `${process.env.E2E_SANDBOX_URL}/__sandbox/faults`;
  const fault = { kind: "status", status: 200, body: { quotes } };
  const answer = await request.post(faults, {
    data: { service: "tabstack", match: { body: imdbId }, fault },
  });
  const { ids }: { ids: number[] } = await answer.json();
  return () => request.delete(`${faults}?id=${ids[0]}`);
}

/** A film that no other test has, written as people's own SQL does. @returns the address of its page */
async function addFilm(title: string, imdbId: string): Promise<string> {
  const [work] = await statement<{ work_id: string }>(
    `insert into works (media_type, title, title_key, search_text, imdb_id) values ('movie', $1, lower($1), lower($1), $2)
     returning work_id`,
    [title, imdbId],
  );
  return `/library/${work?.work_id}`;
}

async function ask(page: Page, button: Locator): Promise<Locator> {
  await button.click();
  return page.getByRole("dialog");
}

const quotesSection = (page: Page) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: "Quotes", exact: true }) });

test("Q-03, Q-08 quotes of a new film come by themselves, and are added, changed and deleted", async ({
  page,
  request,
}) => {
  test.slow();
  await answerQuotes(request, "tt7700001", [
    {
      shareLink: link("tt7700001", 1),
      lines: [
        said("The ferry leaves at six.", "Vera", "quietly"),
        said("[narration] It never did.", "Narrator"),
      ],
    },
  ]);
  await page.goto(await addFilm("The Ferry Test", "tt7700001"));
  const section = quotesSection(page);
  // A worker's next sweep queues it; the page changes when the quotes are here.
  await expect(section.getByText("The ferry leaves at six.")).toBeVisible({ timeout: 40_000 });
  await expect(section.getByText("[quietly]")).toBeVisible();
  await expect(section.getByText("has quotes")).toBeVisible();
  await expect(section.getByRole("link", { name: "IMDb" })).toHaveAttribute("href", /item=qt7700001$/);
  await expectAccessible(page);

  const dialog = await ask(page, section.getByRole("button", { name: "Add quote" }));
  await dialog.getByLabel("Lines of the quote").fill("Ines: [laughs] Nobody told the ferry.");
  await dialog.getByRole("button", { name: "Add quote" }).click();
  const added = section.getByRole("listitem").filter({ hasText: "Nobody told the ferry." });
  await expect(added).toContainText("added by hand");
  await expect(dialog).toBeHidden();

  await ask(page, added.getByRole("button", { name: "Edit" }));
  await expect(dialog.getByLabel("Lines of the quote")).toHaveValue(
    "Ines: [laughs]\nInes: Nobody told the ferry.",
  );
  await dialog.getByLabel("Lines of the quote").fill("Ines: The ferry leaves at SIX; It never did");
  await dialog.getByRole("button", { name: "Save quote" }).click();
  await expect(dialog.getByRole("alert")).toContainText("stands already");
  await dialog.getByLabel("Lines of the quote").fill("Ines: Somebody told the ferry.");
  await dialog.getByRole("button", { name: "Save quote" }).click();
  const changed = section.getByRole("listitem").filter({ hasText: "Somebody told the ferry." });
  await expect(changed).toBeVisible();
  await expect(dialog).toBeHidden();

  await ask(page, changed.getByRole("button", { name: "Delete" }));
  await dialog.getByRole("button", { name: "Delete 1 quote" }).click();
  await expect(changed).toBeHidden();
  await expect(section.getByText("The ferry leaves at six.")).toBeVisible();
});

test("Q-07 a film whose quotes are gone at IMDb waits for a decision", async ({ page, request }) => {
  test.slow();
  const takeBack = await answerQuotes(request, "tt7700002", [
    { shareLink: link("tt7700002", 2), lines: [said("The lamp was on.")] },
  ]);
  const address = await addFilm("The Lamp Test", "tt7700002");
  await page.goto(address);
  const section = quotesSection(page);
  await expect(section.getByText("The lamp was on.")).toBeVisible({ timeout: 40_000 });
  await takeBack();
  await answerQuotes(request, "tt7700002", []);
  await section.getByRole("button", { name: "Fetch quotes again" }).click();
  await expect(section.getByText("Nothing was deleted")).toBeVisible({ timeout: 20_000 });
  await expect(section.getByText("The lamp was on.")).toBeVisible();

  await page.goto("/");
  await page.getByRole("link", { name: "Decide" }).click();
  await expect(page).toHaveURL(/\/quotes\?state=suspicious$/);
  const row = page.getByRole("row", { name: /The Lamp Test/ });
  await expect(row).toContainText("had 1 quote, and IMDb's page came back empty");
  await expectAccessible(page);
  const question = await ask(page, row.getByRole("button", { name: "Accept as none" }));
  await question.getByRole("button", { name: "Accept as none" }).click();
  await expect(page.getByText("Nothing is suspicious")).toBeVisible();

  await page.goto("/quotes?q=The+Lamp+Test");
  await expect(page.getByText("none at IMDb").last()).toBeVisible();
  await expectFitsTelephone(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Latest fetches" }).click();
  await expect(page.getByRole("table", { name: "Latest fetches" })).toBeVisible();
  await page.goto(address);
  await expect(section.getByText("The lamp was on.")).toBeVisible();
  await expectFitsTelephone(page);
});
