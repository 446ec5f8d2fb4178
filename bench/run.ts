/**
 * Benchmarks: `npm run bench`, or `npm run bench -- intake|process|pages|calls|console|live|throughput|budget|refresh`.
 *
 * Every figure is a ratio to something measured in the same run, or a rate that the issue sets. Says what is over its limit
 * and exits 0 all the same: a busy machine is no broken build.
 */
import { measureBudget } from "./budget.ts";
import { measureConsole } from "./console.ts";
import { measureConsoleLive } from "./console-live.ts";
import { type Figure, printFigures } from "./figure.ts";
import { measureIntake } from "./intake.ts";
import { measurePages } from "./pages.ts";
import { measureProcessing } from "./process.ts";
import { measureRefresh } from "./refresh.ts";
import { measureCalls } from "./upstream-calls.ts";
import { measureThroughput } from "./worker-console.ts";

const measurements: Record<string, { heading: string; measure: () => Promise<Figure[]> }> = {
  intake: { heading: "Taking in 100,000 rows", measure: measureIntake },
  process: { heading: "Processing 100,000 rows whose titles are known", measure: measureProcessing },
  pages: { heading: "Pages of 1,000,000 rows", measure: measurePages },
  calls: { heading: "The call log and its sums over 10,000,000 calls", measure: measureCalls },
  console: {
    heading: "Console pages over 1,000,000 runs and 100,000 waiting jobs",
    measure: measureConsole,
  },
  live: { heading: "Statements of open console pages while jobs run", measure: measureConsoleLive },
  throughput: { heading: "A worker's jobs with the console open, in turns", measure: measureThroughput },
  refresh: { heading: "Daily refresh of 1,000 due films, two workers, 60 s", measure: measureRefresh },
  budget: { heading: "TMDB's budget, two workers, 60 s", measure: measureBudget },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(measurements, name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(measurements).join(", ")}.`,
  );
  process.exit(2);
}
const over: string[] = [];
for (const [name, { heading, measure }] of Object.entries(measurements)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const figures = await measure();
  printFigures(heading, figures);
  over.push(...figures.filter((figure) => figure.pass === false).map((figure) => `${name}: ${figure.what}`));
}
console.log(
  over.length === 0 ? "\nEverything is within its limit." : `\nOver its limit: ${over.join("; ")}.`,
);
process.exit(0);
