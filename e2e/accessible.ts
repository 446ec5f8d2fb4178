import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./test.ts";

type AxeOptions = Parameters<AxeBuilder["options"]>[0];

/**
 * No violation of any rule that axe knows, in the light scheme; and no weak contrast in the dark one, which differs in its
 * colours alone. Leaves the page light.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const light = await violations(page, {});
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  const dark = await violations(page, { runOnly: ["color-contrast"] }, ALREADY_THERE);
  await page.emulateMedia({ colorScheme: "light" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "light");
  expect({ light, dark }).toEqual({ light: [], dark: [] });
}

/** In place of axe's half megabyte of script, which each check would carry to the page, and into the trace, again. */
const ALREADY_THERE = "0";

async function violations(page: Page, options: AxeOptions, axeSource?: string): Promise<string[]> {
  // Without the legacy mode every check opens a second page, to put together the results of frames; ours have none.
  const axe = new AxeBuilder({ page, ...(axeSource ? { axeSource } : {}) })
    .setLegacyMode()
    .options({ ...options, resultTypes: ["violations"] });
  const found = await axe.analyze();
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}
