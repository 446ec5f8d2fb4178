import { describe, expect, it } from "vitest";
import { listWaitingRows } from "#app/imports/review/doubtful-titles.server.ts";
import { acceptMismatch, listMismatches, reopenMismatch } from "#app/imports/review/mismatches.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const { db } = desk;
const trx = () => db.transaction();
const first = { limit: 50, cursor: null };

describe("M-05 mismatches", () => {
  it("are titles that were accepted under another name, once each; dry runs and decisions are none", async () => {
    await desk.run(watched("2024-01-01,Hate,1995,u"), { dryRun: true });
    const job = await desk.run(
      watched("2024-01-01,Hate,1995,u", "2024-01-02,Hate,1995,u", "2024-01-03,Jaws,1975,u"),
    );
    expect(job).toMatchObject({ status: "completed", successRows: 3 });
    const list = await listMismatches(db, first);
    expect(list).toMatchObject({ total: 1, isBounded: false, next: null });
    expect(list.mismatches).toMatchObject([
      { key: "hate|1995|", title: "Hate", yearHint: 1995, foundTitle: "La Haine", foundYear: 1995, rows: 2 },
    ]);
    expect(list.mismatches[0]).toMatchObject({ differs: ["title"], jobId: job.id, lineNumber: 2 });
  });

  it("that are wrong wait for a decision, and what they wrote is taken back", async () => {
    expect(await desk.viewings()).toHaveLength(3);
    const reopened = await trx().execute((t) => reopenMismatch(t, "hate|1995|"));
    expect(reopened).toMatchObject({ rows: 3, imports: 2, written: 0 });
    expect(await desk.viewings()).toHaveLength(1);
    expect(await listMismatches(db, first)).toMatchObject({ total: 0, mismatches: [] });
    const [row] = await listWaitingRows(db, "hate|1995|", 1);
    expect(row?.outcome).toMatchObject({
      match: { reason: { code: "mismatch" }, candidates: [{ title: "La Haine" }] },
    });
    await expect(trx().execute((t) => reopenMismatch(t, "hate|1995|"))).rejects.toMatchObject({
      code: "NO_MISMATCH",
    });
  });

  it("that are right become aliases and are not listed again", async () => {
    const job = await desk.run(watched("2024-02-01,The Godfather 3,1990,u"));
    const [mismatch] = (await listMismatches(db, first)).mismatches;
    expect(mismatch).toMatchObject({ foundTitle: "The Godfather Part III", rows: 1 });
    expect(await trx().execute((t) => acceptMismatch(t, mismatch?.key ?? "", "anna"))).toBe(1);
    await desk.run(watched("2024-02-02,The Godfather 3,1990,u"));
    expect(await listMismatches(db, first)).toMatchObject({ total: 0 });
    expect(await desk.read(job.id)).toMatchObject({ status: "completed", successRows: 1 });
  });
});
