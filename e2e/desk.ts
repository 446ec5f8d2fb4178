import { basename } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { generatedFilm } from "../sandbox/titles/generated.ts";
import { expect, test } from "./test.ts";

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

/** Title and year of synthetic film `index`; another film each time that `--repeat-each` runs the test. */
export function filmAt(index: number): { title: string; year: string } {
  const { title, released } = generatedFilm(index + 20_000 * test.info().repeatEachIndex);
  return { title, year: released.slice(0, 4) };
}

/** Chooses a file on the New import page, which checks it. */
export async function chooseFile(page: Page, file: UploadedFile | string): Promise<void> {
  await page.goto("/imports/new");
  await page.getByLabel("CSV file").setInputFiles(file);
}

/** Uploads a file, starts it, and waits for its page. */
export async function startImport(page: Page, file: UploadedFile | string): Promise<void> {
  await chooseFile(page, file);
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await importPage(page, typeof file === "string" ? basename(file) : file.name);
}

/** Waits for the page of an import: its address is there before the page is. */
export async function importPage(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}$/);
}

/** Imports a file without a browser, for tests that are about what comes of it. Resolves to the import's id. */
export async function haveImported(
  file: UploadedFile,
  ends: "completed" | "partial" | "failed",
): Promise<string> {
  const body = new FormData();
  body.set("file", new File([new Uint8Array(file.buffer)], file.name, { type: file.mimeType }));
  const { jobId } = await callApi<{ jobId: string }>("/bulk-import/movies", { method: "POST", body });
  const status = async () => (await callApi<{ status: string }>(`/bulk-import/jobs/${jobId}`)).status;
  await expect.poll(status, { timeout: 45_000 }).toBe(ends);
  return jobId;
}

async function callApi<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { "x-api-key": process.env.E2E_API_KEY ?? "" };
  const answer = await fetch(`${process.env.E2E_BASE_URL}${path}`, { ...init, headers });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return await answer.json();
}

/** Presses a chip that filters, and waits for the page that it leads to: the other links of the former page lead elsewhere. */
export async function choose(chip: Locator): Promise<void> {
  await chip.click();
  await expect(chip).toHaveAttribute("aria-current", "true");
}

/** The status in the header of an import's page. */
export function status(page: Page, word: string): Locator {
  return page.locator("header").getByText(word, { exact: true });
}

/** Nothing reaches beyond the right edge of a telephone. Charts and tables take a moment to follow; the window is put back. */
export async function expectFitsTelephone(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 375, height: 812 });
  const beyond = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(beyond).toBeLessThanOrEqual(0);
  if (before) await page.setViewportSize(before);
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
