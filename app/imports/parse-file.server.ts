import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { AppError } from "#app/errors.ts";
import { batchesAhead, type ParsedBatch, type ParseOptions, type ParseReport } from "./csv/parse-report.ts";
import type { ParseMessage, ParseTask } from "./csv/parse-worker.ts";

export type { ParsedBatch, ParseOptions, ParseReport } from "./csv/parse-report.ts";

export interface UploadedFile {
  bytes: Uint8Array;
  fileName: string;
}

/** Of parsing itself; the time that the caller takes to store batches is not counted. */
const timeLimitMs = 60_000;
/** Memory of one thread; a file that needs more is refused, and the process lives on. */
const heapLimitMb = 256;
/** Of short-lived objects. 100,000 rows: 137 MB more at the peak with 16, 158 with 32 and 250 with Node's default; 20 % slower. */
const youngHeapMb = 16;
/** Threads at once in this process. Each holds a copy of its file. */
const threadLimit = 2;

let threads = 0;
const waiting: (() => void)[] = [];

/**
 * Reads a file for the preview: what it is, every problem, the first 20 rows. Runs in a thread of its own, never on the
 * caller's event loop; waits when two files are being read already.
 *
 * @throws AppError (413, 415, 422) of `parseRows`; `PARSE_TIMEOUT`, `FILE_TOO_COMPLEX` (422)
 */
export function checkFile(file: UploadedFile, options: ParseOptions): Promise<ParseReport> {
  return inTurn(() => runThread({ ...file, options, wantsBatches: false }, null, timeLimitMs));
}

/**
 * Reads a file for intake: `onBatch` gets up to 5,000 rows at a time, in order, one call after the other; the thread waits
 * while two batches are unstored. Rejects with what `onBatch` throws, and stops reading then.
 *
 * @throws AppError as `checkFile`; rows handed out before belong to a refused file
 */
export function parseFile(
  file: UploadedFile,
  options: ParseOptions,
  onBatch: (batch: ParsedBatch) => Promise<void>,
): Promise<ParseReport> {
  return inTurn(() => runThread({ ...file, options, wantsBatches: true }, onBatch, timeLimitMs));
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (threads >= threadLimit) await new Promise<void>((resolve) => waiting.push(resolve));
  else threads += 1;
  try {
    return await work();
  } finally {
    // The place is handed on rather than given back, so that nobody overtakes those who wait.
    const next = waiting.shift();
    if (next === undefined) threads -= 1;
    else next();
  }
}

/**
 * One thread from start to end, always terminated. Exported for the test of its time limit.
 *
 * The thread's module is found from the working directory: this file is bundled by Vite for the web and then lies
 * elsewhere, while the worker runs it from source. Every command runs in the project root, where the `.ts` sources are
 * shipped, and Node strips the types.
 */
export async function runThread(
  task: ParseTask,
  onBatch: ((batch: ParsedBatch) => Promise<void>) | null,
  limitMs: number,
): Promise<ParseReport> {
  const source = new URL("app/imports/csv/parse-worker.ts", pathToFileURL(`${process.cwd()}/`));
  const thread = new Worker(source, {
    workerData: task,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapLimitMb, maxYoungGenerationSizeMb: youngHeapMb },
  });
  const { promise, resolve, reject } = Promise.withResolvers<ParseReport>();
  const clock = new WorkClock(limitMs, () => reject(parseTimeout()));
  let storing: Promise<void> = Promise.resolve();
  let unstored = 0;
  let stopped = false;

  const store = async (batch: ParsedBatch) => {
    if (stopped) return;
    await onBatch?.(batch);
    unstored -= 1;
    clock.start();
    thread.postMessage("stored");
  };
  thread.on("message", (message: ParseMessage) => {
    if (message.type === "batch") {
      unstored += 1;
      // The thread waits for us now: from here on it is storing that takes the time, not parsing.
      if (unstored >= batchesAhead) clock.stop();
      storing = storing.then(() => store(message.batch));
      storing.catch(reject);
    } else if (message.type === "report") {
      clock.stop();
      storing.then(() => resolve(message.report), reject);
    } else {
      reject(new AppError(message.code, message.status, message.userMessage, message.details));
    }
  });
  thread.on("error", (error: Error & { code?: string }) =>
    reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooComplex() : error),
  );
  thread.on("exit", (code) => {
    if (code !== 0) reject(new Error(`The parse thread ended with code ${code}`));
  });
  clock.start();
  try {
    return await promise;
  } finally {
    clock.stop();
    stopped = true;
    await thread.terminate();
    // A batch may still be on its way into the caller's transaction, which must not end before it.
    await storing.catch(() => undefined);
  }
}

/** A time limit that stands still while stopped. */
class WorkClock {
  readonly #onEnd: () => void;
  #left: number;
  #started = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, onEnd: () => void) {
    this.#left = limitMs;
    this.#onEnd = onEnd;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#started = performance.now();
    this.#timer = setTimeout(this.#onEnd, Math.max(0, this.#left));
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#left -= performance.now() - this.#started;
  }
}

const parseTimeout = (): AppError =>
  new AppError(
    "PARSE_TIMEOUT",
    422,
    "Reading the file took longer than a minute and was stopped. Split it into smaller files and upload them one after the other.",
  );

const tooComplex = (): AppError =>
  new AppError(
    "FILE_TOO_COMPLEX",
    422,
    "Reading the file needed too much memory and was stopped. Split it into smaller files and upload them one after the other.",
  );
