import { exitWith } from "#scripts/exit.ts";

/** Called with words that it does not know: EX_USAGE of sysexits. */
const EXIT_USAGE = 64;

/** A command called wrongly: its usage follows. */
export class UsageError extends Error {}

/**
 * Runs a command: its words without options, `--help` answered, its failures said in a sentence.
 *
 * Exit codes: 0 done, 1 refused or failed, 64 called wrongly.
 */
export async function runCommand(usage: string, work: (words: string[]) => Promise<void>): Promise<void> {
  const words = process.argv.slice(2);
  if (words.some((word) => word === "--help" || word === "-h" || word === "help")) {
    process.stdout.write(usage);
    return;
  }
  try {
    const unknown = words.find((word) => word.startsWith("-"));
    if (unknown) throw new UsageError(`There is no option ${unknown}.`);
    await work(words);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}`);
      process.exit(EXIT_USAGE);
    }
    exitWith(error);
  }
}
