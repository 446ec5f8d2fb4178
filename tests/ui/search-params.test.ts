import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSort, readPage, readSort, type Sort, withSearch } from "#app/ui/search-params.ts";

describe("UI links keep the other parameters", () => {
  it("sets, replaces and takes away", () => {
    expect(withSearch("?status=failed&page=3", { page: null })).toBe("?status=failed");
    expect(withSearch("?status=failed", { q: "a b" })).toBe("?status=failed&q=a+b");
    expect(withSearch("?status=failed", { status: "review" })).toBe("?status=review");
    expect(withSearch("?page=2", { page: null })).toBe("?");
  });

  it("never loses a parameter that the patch does not name", () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.string()),
        fc.dictionary(name, fc.option(fc.string())),
        (present, patch) => {
          const after = new URLSearchParams(withSearch(new URLSearchParams(present).toString(), patch));
          for (const [key, value] of Object.entries(present)) {
            if (!Object.hasOwn(patch, key)) expect(after.get(key)).toBe(value.toWellFormed());
          }
          for (const [key, value] of Object.entries(patch)) expect(after.get(key)).toBe(value ? value : null);
        },
      ),
    );
  });
});

describe("UI sorting in the URL", () => {
  const fallback: Sort = { column: "started", direction: "desc" };

  it("reads a known column and falls back for others", () => {
    const read = (query: string) => readSort(new URLSearchParams(query), ["started", "name"], fallback);
    expect(read("sort=name")).toEqual({ column: "name", direction: "asc" });
    expect(read("sort=-name")).toEqual({ column: "name", direction: "desc" });
    expect(read("sort=password_hash")).toEqual(fallback);
    expect(read("")).toEqual(fallback);
  });

  it("turns round where it sorts already, and leaves the default out", () => {
    expect(nextSort(fallback, "started", "desc", fallback)).toBe("started");
    expect(nextSort({ column: "started", direction: "asc" }, "started", "desc", fallback)).toBeNull();
    expect(nextSort(fallback, "name", "asc", fallback)).toBe("name");
    expect(nextSort({ column: "name", direction: "asc" }, "name", "asc", fallback)).toBe("-name");
  });

  it.each([
    ["", 1],
    ["page=3", 3],
    ["page=0", 1],
    ["page=-2", 1],
    ["page=1e9", 1],
    ["page=two", 1],
  ])("reads %s as a page number", (query, page) => {
    expect(readPage(new URLSearchParams(query))).toBe(page);
  });
});
