import { defineConfig, devices } from "@playwright/test";

// `npm test` finds or installs a Chromium and names it here; without it Playwright takes its own.
const { CHROMIUM_PATH } = process.env;

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  globalSetup: "./e2e/setup/global.ts",
  // Tests are dealt out one by one, so that no worker is left alone with a long file. They share one stack: each makes its own data.
  fullyParallel: true,
  workers: 2,
  // Generous: they cost nothing while all is well, and CI's machines are busy with more than this.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    // Set by the global set-up, before the workers read this file.
    baseURL: process.env.E2E_BASE_URL,
    storageState: process.env.E2E_STORAGE_STATE,
    // Pictures of every frame cost as much as the pages themselves; the recorded DOM shows the same.
    trace: { mode: "retain-on-failure", screenshots: false },
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}),
      // No sandbox: it does not work as root in a container. The rest keeps the browser from calling home.
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    },
  },
});
