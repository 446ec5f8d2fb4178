import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseCrontab } from "graphile-worker";
import { AppError } from "#app/errors.ts";
import { type CronTicks, cronTicks } from "#app/queue/cron-ticks.ts";
import { cronWords } from "#app/queue/cron-words.ts";

/** One line of the crontab. */
export interface CrontabLine {
  /** Its name for ever. */
  id: string;
  /** The task that it asks for; the catalog may not know it. */
  task: string;
  /** Five fields in UTC. */
  expression: string;
  /** The same in plain words. */
  words: string;
  /** What the line adds to its jobs' payload. */
  payload: Record<string, unknown>;
  jobKey: string | null;
  maxAttempts: number | null;
  /** How long a downtime is made up for, in milliseconds; 0: not at all. */
  fillMs: number;
  /** Whether the line names itself; without `id=` the queue calls it by its task. */
  hasOwnId: boolean;
  ticks: CronTicks;
}

/**
 * The lines of a crontab, parsed by the queue's own parser.
 *
 * @throws Error naming the line, when it cannot be parsed: a worker would not start either
 */
export function parseCrontabLines(text: string): CrontabLine[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .flatMap((line) => {
      const [item] = parseCrontab(line);
      if (!item) return [];
      const expression = line.split(/\s+/, 5).join(" ");
      return [
        {
          id: item.identifier,
          task: item.task,
          expression,
          words: cronWords(expression),
          payload: item.payload ?? {},
          jobKey: item.options.jobKey ?? null,
          maxAttempts: item.options.maxAttempts ?? null,
          fillMs: item.options.backfillPeriod,
          hasOwnId: /\s\?(?:\S*&)?id=/.test(line),
          ticks: cronTicks(expression, item.match),
        },
      ];
    });
}

/**
 * The lines that the workers of this installation follow. The process stands in the project's folder: the web is bundled, so its
 * own place in the file system says nothing.
 *
 * @throws AppError CRONTAB_UNREADABLE (500), naming what is wrong with which line
 */
export async function readCrontab(): Promise<CrontabLine[]> {
  try {
    return parseCrontabLines(await readFile(resolve("crontab"), "utf8"));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "CRONTAB_UNREADABLE",
      500,
      `The file crontab cannot be read, so no worker can start either. Mend it: ${problem}`,
    );
  }
}
