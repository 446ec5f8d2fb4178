import { describe, expect, it } from "vitest";
import { groupFailures, listRows } from "#app/imports/row-queries.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();

describe("I-11 failures by reason", () => {
  it("come largest first, with their first titles and whether a retry can help", async () => {
    const unknown = [1, 2, 3, 4].map((n) => `2024-01-0${n},Nobody Knows ${n},1990,u`);
    const job = await desk.run(watched("2024-01-01,Alien,20055,u", ...unknown, "2024-01-01,Alien,1979,u"));
    const groups = await groupFailures(desk.db, job.id);
    expect(groups).toMatchObject([
      {
        errorCode: "NO_MATCH",
        count: 4,
        samples: ["Nobody Knows 1", "Nobody Knows 2", "Nobody Knows 3"],
        retryable: true,
      },
      { errorCode: "INVALID_YEAR", count: 1, samples: ["line 2"], retryable: false },
    ]);
    const page = await listRows(desk.db, job.id, { errorCode: "INVALID_YEAR" }, { limit: 10, cursor: null });
    expect(page.rows.map((row) => row.rowNumber)).toEqual([1]);
  });
});
