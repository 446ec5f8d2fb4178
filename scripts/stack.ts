import { type EmbeddedPostgres, startEmbeddedPostgres } from "#app/db/embedded-postgres.server.ts";
import { migrateToLatest } from "#app/db/migrate.server.ts";
import { AppError } from "#app/errors.ts";
import { ensureBuild } from "#scripts/build.ts";
import { listening, type SupervisedChild, superviseChild } from "#scripts/child.ts";

export type StackOptions = {
  /** For the children, without `DATABASE_URL` when the embedded PostgreSQL is wanted. */
  env: NodeJS.ProcessEnv;
  dataDir: string;
  /** Where the children's standard output goes. */
  output: "stdout" | "stderr";
  /** When the port is taken, listen on a free one. */
  anyPort: boolean;
  /** Ends the start early; what was started by then is stopped. */
  signal: AbortSignal;
};

export type Stack = {
  /** Where the web listens, from its own lips. */
  url: string;
  databaseUrl: string;
  /** Rejects when the stack cannot go on. */
  failed: Promise<never>;
  /** Web and worker first, within 9 s, then the database. */
  stop(): Promise<void>;
  /** Does not wait for web and worker any more. */
  hurry(): void;
};

/** Database, migrations, web and worker on this machine. @throws AppError of whatever could not start */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  failed.catch(() => {}); // Whoever waits for it hears of it; nobody else has to.
  const children: SupervisedChild[] = [];
  const database = await openDatabase(options, fail);
  const hurry = () => {
    for (const child of children) child.kill();
  };
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
    await database.stop();
  };
  try {
    const proceed = async () => {
      options.signal.throwIfAborted();
      await ensureBuild(options.signal);
      options.signal.throwIfAborted();
      await migrateToLatest(database.url);
      options.signal.throwIfAborted();
      return spawnProcesses(options, database.url, children, fail);
    };
    const url = await Promise.race([proceed(), failed, abortOf(options.signal)]);
    return { url, databaseUrl: database.url, failed, stop, hurry };
  } catch (error) {
    await stop();
    throw error;
  }
}

type RunningDatabase = { url: string; stop(): Promise<void> };

async function openDatabase(options: StackOptions, fail: (error: Error) => void): Promise<RunningDatabase> {
  const { DATABASE_URL } = options.env;
  if (DATABASE_URL) return { url: DATABASE_URL, stop: async () => {} };
  return keepDatabaseRunning(options, fail);
}

/** Starts the embedded PostgreSQL, and starts it again on the same port if it ends unasked. */
async function keepDatabaseRunning(
  { dataDir, signal }: StackOptions,
  fail: (error: Error) => void,
): Promise<RunningDatabase> {
  let stopping = false;
  let current: EmbeddedPostgres;
  const start = async (port?: number) => {
    current = await startEmbeddedPostgres({ dataDir, signal, ...(port ? { port } : {}), log: onlyFatal });
    void current.exited.then(async () => {
      if (stopping) return;
      process.stderr.write("PostgreSQL ended unexpectedly and is started again.\n");
      await start(Number(new URL(url).port)).catch(fail);
      if (current.url !== url) fail(new Error("PostgreSQL's port was taken while it was away; start again"));
    });
    return current.url;
  };
  const url: string = await start();
  return {
    url,
    stop: async () => {
      stopping = true;
      await current.stop();
    },
  };
}

function onlyFatal(line: string): void {
  if (
    /\b(FATAL|PANIC):/.test(line) &&
    !/terminating connection|is (starting up|shutting down|not yet accepting)/.test(line)
  )
    process.stderr.write(`PostgreSQL: ${line}\n`);
}

/** Spawns web and worker into `children`. Resolves to the web's address when it listens. */
async function spawnProcesses(
  options: StackOptions,
  databaseUrl: string,
  children: SupervisedChild[],
  fail: (error: Error) => void,
): Promise<string> {
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  const env: NodeJS.ProcessEnv = { ...options.env, DATABASE_URL: databaseUrl, DATA_DIR: options.dataDir };
  const web = superviseChild({
    name: "web",
    args: ["scripts/web.ts", ...(options.anyPort ? ["--any-port"] : [])],
    env,
    output: options.output,
    onMessage: (message) => {
      const parsed = listening.safeParse(message);
      if (!parsed.success) return;
      // A web that has to be started again comes back at the same address.
      env.PORT = new URL(parsed.data.listening).port || "80";
      resolve(parsed.data.listening);
    },
  });
  const worker = superviseChild({ name: "worker", args: ["scripts/worker.ts"], env, output: options.output });
  children.push(web, worker);
  for (const [name, child] of Object.entries({ web, worker }))
    void child.unusable.then(() =>
      fail(new AppError("PROCESS_UNUSABLE", 500, `The ${name} cannot run as it is set up; see above.`)),
    );
  return ready;
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
}
