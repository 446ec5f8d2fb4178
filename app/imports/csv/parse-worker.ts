import { hash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "#app/errors.ts";
import { batchesAhead, type ParsedBatch, type ParseOptions, type ParseReport } from "./parse-report.ts";
import { parseRows } from "./parse-rows.ts";

/**
 * The thread in which a file is parsed, started by parse-file.server.ts and by nothing else. It sends batches, at most
 * two ahead of what the other side has acknowledged, then the report or the error, and ends.
 */

/** What the thread is started with. */
export interface ParseTask {
  bytes: Uint8Array;
  fileName: string;
  options: ParseOptions;
  wantsBatches: boolean;
}

export type ParseMessage =
  | { type: "batch"; batch: ParsedBatch }
  | { type: "report"; report: ParseReport }
  | { type: "refused"; code: string; status: number; userMessage: string; details?: Record<string, unknown> };

if (parentPort !== null) await run(parentPort, workerData);

async function run(port: NonNullable<typeof parentPort>, task: ParseTask): Promise<void> {
  let unacknowledged = 0;
  let resume: (() => void) | null = null;
  port.on("message", () => {
    unacknowledged -= 1;
    resume?.();
  });
  const send = (message: ParseMessage) => port.postMessage(message);
  try {
    const rows = parseRows(task, task.options, task.wantsBatches);
    let step = rows.next();
    for (; !step.done; step = rows.next()) {
      send({ type: "batch", batch: step.value });
      unacknowledged += 1;
      while (unacknowledged >= batchesAhead) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
    }
    send({ type: "report", report: { ...step.value, sha256: hash("sha256", task.bytes, "hex") } });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, status, userMessage, details } = error;
    send({ type: "refused", code, status, userMessage, ...(details === undefined ? {} : { details }) });
  } finally {
    port.close();
  }
}
