import { AppError } from "#app/errors.ts";

/** Ended because of how it was started (configuration, taken port): starting it again the same way is of no use. */
export const EXIT_UNUSABLE = 78;

/** Says in one paragraph why this process cannot go on, and ends it. What is not an expected failure shows its stack. */
export function exitWith(error: unknown, code = 1): never {
  if (error instanceof AppError) process.stderr.write(`${error.userMessage}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(code);
}
