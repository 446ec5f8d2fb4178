/** Everything that can be checked, in the order in which it is cheap: `npm test`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { ensureBuild } from "#scripts/build.ts";
import { runToEnd } from "#scripts/child.ts";
import { ensureChromium } from "#scripts/chromium.ts";
import { addCounts, type Counts, readPlaywrightReport, readVitestReport } from "#scripts/test-report.ts";

const FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };

const tools = resolve("node_modules/.bin");
// Node first: the tools' own `node` is then the one of node_modules too.
const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH ?? ""}` };
const reports = await mkdtemp(join(tmpdir(), "reeldesk-reports-"));

const results: Counts[] = [];
try {
  if (!(await staticChecksPass())) results.push(FAILED);
  results.push(await runVitest());
  results.push(await runPlaywright());
} finally {
  await rm(reports, { recursive: true, force: true });
}
const { passed, failed, skipped } = addCounts(results);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** The first that fails ends them: the later ones often fail for the same reason. */
async function staticChecksPass(): Promise<boolean> {
  const checks = [["react-router", "typegen"], ["tsc"], ["biome", "check"], ["knip"]];
  for (const check of checks) if ((await step(check)) !== 0) return false;
  return true;
}

async function runVitest(): Promise<Counts> {
  const report = join(reports, "vitest.json");
  const output = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await step(["vitest", "run", ...output]);
  return orFailure(code, readVitestReport(report));
}

async function runPlaywright(): Promise<Counts> {
  try {
    heading("build");
    await ensureBuild();
    const report = join(reports, "playwright.json");
    const chromium = await ensureChromium();
    const code = await step(["playwright", "test", "--reporter=list,json"], {
      CHROMIUM_PATH: chromium,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    });
    return await orFailure(code, readPlaywrightReport(report));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return FAILED;
  }
}

/** A runner that ended badly has failed, also when its report is missing or knows of no failed test. */
async function orFailure(code: number, report: Promise<Counts>): Promise<Counts> {
  const counts = await report.catch(() => FAILED);
  return code !== 0 && counts.failed === 0 ? addCounts([counts, FAILED]) : counts;
}

async function step(
  [command = "", ...args]: readonly string[],
  extra: NodeJS.ProcessEnv = {},
): Promise<number> {
  heading([command, ...args.filter((argument) => !argument.startsWith("--"))].join(" "));
  const code = await runToEnd(join(tools, command), args, { env: { ...env, ...extra } });
  if (code !== 0) console.error(`${command} ended with code ${code}`);
  return code;
}

function heading(text: string): void {
  console.log(`\n== ${text}`);
}
