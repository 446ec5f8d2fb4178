import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFiltered, readListFilter } from "#app/routes/imports/list-filter.ts";
import { isRowsFiltered, readRowsView, writeRowCursor } from "#app/routes/imports/show/rows-filter.ts";

const query = (text: string) => new URLSearchParams(text);

describe("I-15 the filters of the list stand in the URL", () => {
  it("reads what it knows", () => {
    expect(readListFilter(query("status=failed&source=letterboxd&failures=yes&q=+diary+"))).toEqual({
      status: "failed",
      source: "letterboxd",
      hasFailures: true,
      search: "diary",
    });
  });

  it("takes anything else for absent", () => {
    const filter = readListFilter(query("status=nonsense&source=nowhere&failures=1&q=+"));
    expect(isFiltered(filter)).toBe(false);
  });
});

describe("I-11 the view of an import's rows stands in the URL", () => {
  it("shows all rows by default", () => {
    const view = readRowsView(query(""));
    expect(view).toMatchObject({ cursor: null, openRow: null, tab: "rows" });
    expect(isRowsFiltered(view.filter)).toBe(false);
  });

  it("leaves a failure code aside where rows of that status have none", () => {
    expect(readRowsView(query("code=NO_MATCH")).filter.errorCode).toBe("NO_MATCH");
    expect(readRowsView(query("code=NO_MATCH&status=failed")).filter.errorCode).toBe("NO_MATCH");
    expect(readRowsView(query("code=NO_MATCH&status=success")).filter.errorCode).toBeUndefined();
  });

  it("gives back every cursor that it has written", () => {
    const cursors = fc.record({
      part: fc.constantFrom("attention" as const, "rest" as const),
      after: fc.integer({ min: 0, max: 200_000 }),
    });
    fc.assert(
      fc.property(cursors, (cursor) => {
        expect(readRowsView(query(`cursor=${writeRowCursor(cursor)}`)).cursor).toEqual(cursor);
      }),
    );
  });

  it("never breaks on what somebody typed", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (row, cursor) => {
        const view = readRowsView(new URLSearchParams({ row, cursor, tab: row, status: cursor }));
        expect(view.openRow === null || (Number.isSafeInteger(view.openRow) && view.openRow > 0)).toBe(true);
        expect(view.cursor === null || Number.isSafeInteger(view.cursor.after)).toBe(true);
      }),
    );
  });
});
