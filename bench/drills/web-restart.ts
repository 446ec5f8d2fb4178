import { request } from "node:http";
import { z } from "zod";
import { listening } from "#scripts/child.ts";
import { type Child, messageOf, startChild } from "#tests/drills/child.ts";
import type { DrillDesk } from "#tests/drills/drill-desk.ts";
import { generatedExport } from "#tests/drills/generated-export.ts";
import { brokenInvariants } from "#tests/drills/invariants.ts";
import { type Drill, PATIENCE_MS, withDesk } from "./drill.ts";

const ROWS = 1_000;
const API_KEY = "drill-key-drill-key-drill-key";
const OPERATOR = { email: "drill@example.org", password: "a long drill password" };
const BOUNDARY = "drill-boundary";

/** The web ends in the middle of an import, with a live stream open and an upload half-way: by SIGTERM, then by SIGKILL. */
export const webRestarted: Drill = {
  name: "web restarted: live stream, running upload",
  run: (server) =>
    withDesk(server, async (desk) => {
      const broken: string[] = [];
      let web = await startWeb(desk, 0);
      await desk.startWorker();
      const jobId = await uploadExport(web.url);
      await desk.processed(jobId, ROWS / 20, PATIENCE_MS);
      const notes: string[] = [];
      for (const signal of ["SIGTERM", "SIGKILL"] as const) {
        const cookie = await signIn(web.url);
        const stream = await openStream(web.url, cookie, jobId);
        const upload = halfAnUpload(web.url);
        await upload.begun;
        const { ms } = await web.child.end(signal);
        if (ms > 10_000) broken.push(`${signal}: it took ${Math.round(ms)} ms to end`);
        await Promise.all([stream.ended, upload.ended]);
        web = await startWeb(desk, Number(new URL(web.url).port));
        // The session lives in the database: the browser opens its stream again with the same cookie.
        const again = await openStream(web.url, cookie, jobId);
        again.close();
        notes.push(`${signal} ended it in ${(ms / 1000).toFixed(1)} s`);
      }
      await desk.finished(jobId, PATIENCE_MS);
      broken.push(...(await brokenInvariants(desk.db, jobId)));
      const jobs = await desk.db.selectFrom("import_jobs").select("id").execute();
      if (jobs.length !== 1) broken.push(`${jobs.length - 1} half uploads became imports`);
      await web.child.end("SIGTERM");
      return { resumedMs: null, note: notes.join(", "), broken };
    }),
};

async function startWeb(desk: DrillDesk, port: number): Promise<{ child: Child; url: string }> {
  const child = startChild(["scripts/web.ts"], {
    ...desk.env,
    // The export goes to the built-in catalogue.
    CATALOGUE_URL: "",
    CATALOGUE_API_KEY: "",
    PORT: String(port),
    API_KEY,
    OPERATOR_EMAIL: OPERATOR.email,
    OPERATOR_PASSWORD: OPERATOR.password,
  });
  const url = await messageOf(child, (message) => listening.safeParse(message).data?.listening, PATIENCE_MS);
  return { child, url };
}

function head(): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="watched.csv"\r\ncontent-type: text/csv\r\n\r\n`;
}

async function uploadExport(url: string): Promise<string> {
  const body = Buffer.concat([
    Buffer.from(head()),
    generatedExport(ROWS),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  const answer = await fetch(`${url}/bulk-import/movies`, {
    method: "POST",
    headers: uploadHeaders(),
    body,
  });
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`the upload was answered ${answer.status}: ${text}`);
  return z.object({ jobId: z.string() }).parse(JSON.parse(text)).jobId;
}

function uploadHeaders(): Record<string, string> {
  return { authorization: `Bearer ${API_KEY}`, "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
}

/** Sends the beginning of a file and then nothing more, until the other side is gone. */
function halfAnUpload(url: string): { begun: Promise<void>; ended: Promise<void> } {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const upload = request(`${url}/bulk-import/movies`, { method: "POST", headers: uploadHeaders() });
  upload.on("error", () => ended.resolve());
  upload.on("close", () => ended.resolve());
  upload.write(Buffer.concat([Buffer.from(head()), generatedExport(ROWS).subarray(0, 20_000)]), () =>
    begun.resolve(),
  );
  return { begun: begun.promise, ended: ended.promise };
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/sign-in`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(OPERATOR),
    redirect: "manual",
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`signing in was answered ${answer.status}`);
  return cookie;
}

async function openStream(
  url: string,
  cookie: string,
  jobId: string,
): Promise<{ ended: Promise<void>; close(): void }> {
  const controller = new AbortController();
  const answer = await fetch(`${url}/live?topic=import:${jobId}`, {
    headers: { cookie },
    signal: controller.signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`the live stream was answered ${answer.status}`);
  const { body } = answer;
  const ended = (async () => {
    for await (const _ of body);
  })().catch(() => {}); // Cut off is ended too.
  return { ended, close: () => controller.abort() };
}
