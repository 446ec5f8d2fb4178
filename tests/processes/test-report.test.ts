import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { addCounts, readPlaywrightReport, readVitestReport } from "#scripts/test-report.ts";

const folder = await mkdtemp(join(tmpdir(), "reeldesk-report-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(report: unknown): Promise<string> {
  const path = join(folder, "report.json");
  await writeFile(path, JSON.stringify(report));
  return path;
}

const file = (status: string, ...results: string[]) => ({
  status,
  assertionResults: results.map((result) => ({ status: result })),
});

describe("the count line of npm test", () => {
  it("counts vitest's tests, and a file that failed without a failed test", async () => {
    const path = await written({
      testResults: [
        file("passed", "passed", "passed", "skipped", "todo"),
        file("failed", "passed", "failed", "failed"),
        file("failed"),
        file("failed", "passed"),
      ],
    });
    expect(await readVitestReport(path)).toEqual({ passed: 4, failed: 4, skipped: 2 });
  });

  it("counts Playwright's tests, flaky ones as passed and errors outside tests as failed", async () => {
    const path = await written({
      stats: { expected: 5, flaky: 1, unexpected: 2, skipped: 3 },
      errors: [{ message: "The global set-up failed" }],
    });
    expect(await readPlaywrightReport(path)).toEqual({ passed: 6, failed: 3, skipped: 3 });
  });

  it("sums the runners", () => {
    expect(
      addCounts([
        { passed: 1, failed: 2, skipped: 3 },
        { passed: 10, failed: 20, skipped: 30 },
      ]),
    ).toEqual({ passed: 11, failed: 22, skipped: 33 });
  });
});
