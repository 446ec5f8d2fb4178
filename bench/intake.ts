import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { z } from "zod";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import { messageOf, startChild } from "#tests/drills/child.ts";
import { generatedExport } from "#tests/drills/generated-export.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";
import { copyReference } from "./copy-reference.ts";
import { atMost, type Figure, median, shown } from "./figure.ts";

const ROWS = 100_000;
const REPEATS = 3;

const measured = z.object({
  jobId: z.string(),
  ms: z.number(),
  growthBytes: z.number(),
  longestDelayMs: z.number(),
  longestIdleMs: z.number(),
});

interface Run extends z.infer<typeof measured> {
  longestRequestMs: number;
  copyMs: number;
}

/** Intake of 100,000 rows, parse, validation and hashing included, against `\copy` of the same rows into the same table. */
export async function measureIntake(): Promise<Figure[]> {
  const server = await startRestartableServer();
  const folder = await mkdtemp(join(tmpdir(), "reeldesk-intake-"));
  const databaseUrl = await server.createDatabase("intake");
  const database = createDatabase(databaseUrl);
  try {
    const file = join(folder, "watched.csv");
    await writeFile(file, generatedExport(ROWS));
    const runs: Run[] = [];
    let reference = "";
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const run = await runIntake(databaseUrl, file);
      const copy = await copyReference(databaseUrl, run.jobId, folder);
      reference = copy.name;
      const copyJobId = await emptyJob(database.db);
      runs.push({ ...run, copyMs: await copy.run(copyJobId) });
      // Each turn begins with the same empty table.
      await sql`truncate import_jobs cascade`.execute(database.db);
      await sql`checkpoint`.execute(database.db);
    }
    return figuresOf(runs, reference);
  } finally {
    await database.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function figuresOf(runs: Run[], reference: string): Figure[] {
  const intakeMs = median(runs.map((run) => run.ms));
  const copyMs = median(runs.map((run) => run.copyMs));
  const ratio = median(runs.map((run) => run.ms / run.copyMs));
  return [
    shown(`reference: ${reference}`, copyMs, "ms"),
    shown("intake, median", intakeMs, "ms"),
    atMost(`intake to ${reference}`, ratio, 2.5, "times"),
    atMost("memory growth, worst", Math.max(...runs.map((run) => run.growthBytes)) / 2 ** 20, 150, "MB", 0),
    shown(
      "longest event-loop delay of the idle process",
      Math.max(...runs.map((run) => run.longestIdleMs)),
      "ms",
    ),
    atMost(
      "longest event-loop delay in intake, worst",
      Math.max(...runs.map((run) => run.longestDelayMs)),
      200,
      "ms",
      0,
    ),
    atMost(
      "longest /healthz in intake, worst",
      Math.max(...runs.map((run) => run.longestRequestMs)),
      200,
      "ms",
      0,
    ),
  ];
}

/** A job for the copied rows to belong to. */
async function emptyJob(db: Db): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into import_jobs (type, source, format, file_name, file_bytes, file_sha256, parse_options, columns)
    values ('movies', 'letterboxd', 'letterboxd-watched', 'copy.csv', 1, '', '{}', '{}') returning id`.execute(
    db,
  );
  return rows[0]?.id ?? "";
}

/** One intake in a fresh process, which is asked for `/healthz` all the while. */
async function runIntake(databaseUrl: string, file: string): Promise<Omit<Run, "copyMs">> {
  const child = startChild(["bench/intake-process.ts", databaseUrl, file], { LOG_LEVEL: "silent" });
  try {
    const port = await messageOf(
      child,
      (message) => z.object({ port: z.number() }).safeParse(message).data?.port,
    );
    await messageOf(child, (message) => z.object({ ready: z.literal(true) }).safeParse(message).data);
    child.send("go");
    let done = false;
    const asking = longestRequest(port, () => done);
    const result = await messageOf(child, (message) => measured.safeParse(message).data);
    done = true;
    return { ...result, longestRequestMs: await asking };
  } finally {
    await child.end("SIGKILL");
  }
}

async function longestRequest(port: number, isDone: () => boolean): Promise<number> {
  let longest = 0;
  while (!isDone()) {
    const started = performance.now();
    await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
    longest = Math.max(longest, performance.now() - started);
    await delay(5);
  }
  return longest;
}
