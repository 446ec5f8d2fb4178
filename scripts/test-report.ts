import { readFile } from "node:fs/promises";
import { z } from "zod";

export type Counts = { passed: number; failed: number; skipped: number };

const vitestReport = z.object({
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
  errors: z.array(z.unknown()),
});

/** Reads vitest's JSON report. A file that failed without a failed test (it did not load, it leaked) counts as one. */
export async function readVitestReport(path: string): Promise<Counts> {
  const { testResults } = vitestReport.parse(JSON.parse(await readFile(path, "utf8")));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of testResults) {
    const failed = assertionResults.filter((result) => result.status === "failed").length;
    const passed = assertionResults.filter((result) => result.status === "passed").length;
    counts.passed += passed;
    counts.failed += status === "failed" ? Math.max(failed, 1) : failed;
    counts.skipped += assertionResults.length - failed - passed;
  }
  return counts;
}

/** Reads Playwright's JSON report. A test that passed at its second try has passed; errors outside tests are failures. */
export async function readPlaywrightReport(path: string): Promise<Counts> {
  const { stats, errors } = playwrightReport.parse(JSON.parse(await readFile(path, "utf8")));
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}

export function addCounts(all: readonly Counts[]): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const each of all) {
    sum.passed += each.passed;
    sum.failed += each.failed;
    sum.skipped += each.skipped;
  }
  return sum;
}
