import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "#app/errors.ts";

const accepted = z.object({ jobId: z.string() });

const job = z.object({
  id: z.string(),
  status: z.enum(["queued", "processing", "completed", "partial", "failed", "cancelled"]),
  totalRows: z.int(),
  successRows: z.int(),
  failedRows: z.int(),
  skippedRows: z.int(),
  reviewRows: z.int(),
});

export type ImportJob = z.infer<typeof job>;

/** A key may make 120 requests a minute; one a second leaves room for the reader's own. */
const POLL_MS = 1_000;

/** The product's own machine API, called as anybody would call it. */
export type Api = { url: string; key: string };

/** Uploads a CSV of films and answers the job's id. @throws AppError `DEMO_REQUEST_FAILED` */
export async function startImport(api: Api, file: string): Promise<string> {
  const form = new FormData();
  form.set("source", "auto");
  form.set("file", await openAsBlob(file, { type: "text/csv" }), basename(file));
  return accepted.parse(await request(api, "/bulk-import/movies", { method: "POST", body: form })).jobId;
}

/** Asks for the job until it has ended, or until `signal`. */
export async function waitForEnd(api: Api, jobId: string, signal: AbortSignal): Promise<ImportJob> {
  for (;;) {
    const current = job.parse(
      await request(api, `/bulk-import/jobs/${encodeURIComponent(jobId)}`, { signal }),
    );
    if (current.status !== "queued" && current.status !== "processing") return current;
    await delay(POLL_MS, undefined, { signal });
  }
}

/** The line that `--once` ends with. */
export function summarise(ended: ImportJob): string {
  const { id: jobId, status, totalRows, successRows, failedRows, skippedRows, reviewRows } = ended;
  return JSON.stringify({ jobId, status, totalRows, successRows, failedRows, skippedRows, reviewRows });
}

async function request(api: Api, path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(new URL(path, api.url), {
    ...init,
    headers: { authorization: `Bearer ${api.key}` },
  });
  if (response.ok) return response.json();
  const body = (await response.text()).slice(0, 500);
  throw new AppError(
    "DEMO_REQUEST_FAILED",
    500,
    `The demo's own request to ${path} was answered ${response.status}: ${body}`,
  );
}
