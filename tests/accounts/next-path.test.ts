import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeNextPath, signInPath } from "#app/accounts/next-path.ts";

describe("A-02 the way back after signing in", () => {
  test.each([
    ["/imports/7?status=failed#row-4", "/imports/7?status=failed#row-4"],
    ["/?q=%2F%2Fevil.example", "/?q=%2F%2Fevil.example"],
    ["/imports/new", "/imports/new"],
  ])("%s is kept", (next, expected) => {
    expect(safeNextPath(next)).toBe(expected);
  });

  test.each([
    null,
    undefined,
    "",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "imports",
    "/..//evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e%2e//evil.example",
    "/imports\\..\\",
    "/imports\r\nset-cookie: a=b",
    "/ümlaut",
    "/sign-in",
    "/sign-in?next=/sign-in",
    "/sign-out",
    "/set-up",
    `/${"a".repeat(3_000)}`,
  ])("%j leads to the start page", (next) => {
    expect(safeNextPath(next)).toBe("/");
  });

  test("no text whatever leads off the site", () => {
    const site = "https://desk.example";
    const hostile = fc
      .array(
        fc.constantFrom(
          "/",
          "\\",
          "..",
          ".",
          "%2e",
          "%2f",
          "%5c",
          "@",
          ":",
          "\t",
          "\n",
          " ",
          "evil.example",
          "?",
          "#",
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: "binary-ascii" }), fc.webUrl()), (next) => {
        const path = safeNextPath(next);
        expect(new URL(path, site).origin).toBe(site);
        expect(path).toMatch(/^\/(?!\/)/);
        expect(safeNextPath(path)).toBe(path);
      }),
      { numRuns: 1_000 },
    );
  });

  test("the sign-in address carries the way back, whole", () => {
    expect(signInPath("/")).toBe("/sign-in");
    const next = new URL(signInPath("/imports?status=failed&q=a+b"), "http://x").searchParams.get("next");
    expect(next).toBe("/imports?status=failed&q=a+b");
  });
});
