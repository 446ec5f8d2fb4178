import { expect, test } from "./test.ts";

const email = process.env.E2E_EMAIL ?? "";
const password = process.env.E2E_PASSWORD ?? "";

test.describe("A-01 signing in", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("leads to the page that was asked for, and out again", async ({ page }) => {
    await page.goto("/imports?status=failed");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toBeVisible();

    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "Imports", level: 1 })).toBeVisible();
    await expect(page).toHaveURL(/\/imports\?status=failed$/);

    await page.getByRole("button", { name: `Signed in as ${email}` }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByLabel("E-mail")).toBeVisible();
    await page.goto("/");
    await expect(page).toHaveURL(/\/sign-in/);
  });
});
