import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";
import { generatedFilm } from "../sandbox/titles/generated.ts";

/** A file as Playwright hands it to a field. */
export interface UploadedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A CSV file of these lines. */
export function csv(name: string, lines: readonly string[]): UploadedFile {
  return { name, mimeType: "text/csv", buffer: Buffer.from(`${lines.join("\r\n")}\r\n`) };
}

export const WATCHED_HEADER = "Date,Name,Year,Letterboxd URI";

/**
 * Rows of synthetic films that the sandbox knows. Each test takes its own range of indexes, so that no other has them in the
 * catalogue already.
 */
export function watchedRows(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, offset) => {
    const { title, year } = filmAt(first + offset);
    return `2024-03-${String(1 + (offset % 28)).padStart(2, "0")},${title},${year},https://boxd.it/${first + offset}`;
  });
}

/** Title and year of synthetic film `index`. */
export function filmAt(index: number): { title: string; year: string } {
  const { title, released } = generatedFilm(index);
  return { title, year: released.slice(0, 4) };
}

/** Chooses a file on the New import page and waits until it is checked. */
export async function chooseFile(page: Page, file: UploadedFile | string): Promise<void> {
  await page.goto("/imports/new");
  await hydrated(page);
  await page.getByLabel("CSV file").setInputFiles(file);
}

/** Uploads a file, starts it, and waits for its page. */
export async function startImport(page: Page, file: UploadedFile | string): Promise<void> {
  await chooseFile(page, file);
  await page.getByRole("button", { name: "Start import" }).click();
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}$/);
}

/** The status in the header of an import's page. */
export function status(page: Page, word: string): Locator {
  return page.locator("header").getByText(word, { exact: true });
}

/** Waits for the script of the page: only then does a button without its form's field say why it cannot be pressed. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: /Start import\s*\. Choose a file first/ })).toBeVisible();
}

/** No violation of any rule that axe knows. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
  expect(found).toEqual([]);
}

/** Nothing reaches beyond the window's right edge. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(beyond).toBeLessThanOrEqual(0);
}

/**
 * Makes TMDB's stand-in slow for these titles.
 *
 * @returns makes it as quick as before
 */
export async function slowDown(titles: readonly string[], ms: number): Promise<() => Promise<void>> {
  const faults = `${process.env.E2E_SANDBOX_URL}/__sandbox/faults`;
  const rules = titles.map((title) => ({
    service: "tmdb",
    match: { path: "/search", query: { query: title } },
    fault: { kind: "delay", ms },
  }));
  const answer = await fetch(faults, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(rules),
  });
  expect(answer.status).toBe(201);
  const { ids }: { ids: number[] } = await answer.json();
  return async () => {
    await Promise.all(ids.map((id) => fetch(`${faults}?id=${id}`, { method: "DELETE" })));
  };
}
