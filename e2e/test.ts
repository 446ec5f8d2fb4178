import { test as base, type Page } from "@playwright/test";
import { stackLogSince, stackLogSize } from "./setup/stack-log.ts";

export { expect } from "@playwright/test";

/**
 * Playwright's `test`, whose pages are opened and reloaded until their script answers (`useTakenOver` in `app/root.tsx`): before
 * that, what a test presses sends a plain form and what it types is lost to the script. A test that fails has with it what the
 * stack said meanwhile.
 */
export const test = base.extend({
  context: async ({ context, javaScriptEnabled }, use, testInfo) => {
    const before = await stackLogSize();
    if (javaScriptEnabled) context.on("page", waitForScript);
    await use(context);
    if (testInfo.status === testInfo.expectedStatus) return;
    await testInfo.attach("stack.log", { body: await stackLogSince(before), contentType: "text/plain" });
  },
});

function waitForScript(page: Page): void {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (...args) => {
    const answer = await goto(...args);
    await takenOver(page);
    return answer;
  };
  page.reload = async (...args) => {
    const answer = await reload(...args);
    await takenOver(page);
    return answer;
  };
}

/** Returns at once on documents without a script of ours: files, answers of the API. */
async function takenOver(page: Page): Promise<void> {
  if ((await page.locator("script[type=module]").count()) === 0) return;
  await page.locator("html[data-taken-over]").waitFor({ state: "attached" });
}
