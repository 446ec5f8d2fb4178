import { defineConfig, devices } from "@playwright/test";

// `npm test` finds or installs a Chromium and names it here; without it Playwright takes its own.
const { CHROMIUM_PATH } = process.env;

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  globalSetup: "./e2e/setup/global.ts",
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    // Set by the global set-up, before the workers read this file.
    baseURL: process.env.E2E_BASE_URL,
    storageState: process.env.E2E_STORAGE_STATE,
    trace: "retain-on-failure",
    launchOptions: {
      ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}),
      // No sandbox: it does not work as root in a container. The rest keeps the browser from calling home.
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    },
  },
});
