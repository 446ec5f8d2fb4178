import { sql } from "kysely";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey } from "#app/accounts/api-keys.server.ts";
import { createOperator } from "#app/accounts/operators.server.ts";
import { sessionCookie } from "#app/accounts/session-cookie.server.ts";
import { createSession } from "#app/accounts/sessions.server.ts";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import { type Child, messageOf, startChild } from "#tests/drills/child.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";
import { type ConsoleTab, openConsoleTab } from "./console-tab.ts";

/** Pages of the console that keep themselves fresh. */
export const CONSOLE_PAGES = ["/queue", "/queue/failures", "/queue/workers", "/schedules", "/upstreams"];

const SECRET = "a-secret-of-the-benchmark-that-signs-sessions";
/** An operator may have 12 live pages open. */
const TABS_PER_OPERATOR = 5;
/** A statement may take 30 s. */
const ADDED_AT_ONCE = 5_000;
const BUILD_TIMEOUT_MS = 600_000;

/** A database, a real web process and a real worker whose tasks do nothing. */
export interface ConsoleDesk {
  db: Db;
  databaseUrl: string;
  webPid: number;
  /** Adds so many jobs that do nothing. */
  addJobs(count: number): Promise<void>;
  startWorker(): Promise<Child>;
  /** Opens tabs of these pages, as signed-in operators of their own, five tabs each. */
  openTabs(pages: readonly string[]): Promise<ConsoleTab[]>;
  /** Statements that the web process has sent so far, those of such questions left out. */
  statements(): Promise<number>;
  close(): Promise<void>;
}

export async function openConsoleDesk(name: string): Promise<ConsoleDesk> {
  const server = await startRestartableServer();
  const databaseUrl = await server.createDatabase(name);
  const { db, close } = createDatabase(databaseUrl);
  const env = { DATABASE_URL: databaseUrl, LOG_LEVEL: "warn", SESSION_SECRET: SECRET };
  const children: Child[] = [];
  const start = (args: string[], more: Record<string, string> = {}) => {
    const child = startChild(args, { ...env, ...more });
    children.push(child);
    return child;
  };
  const by = systemActor("bench");
  const { key } = await createApiKey(db, { name: "bench", createdBy: by });
  const web = start(["scripts/web.ts"], { PORT: "0", API_RATE_LIMIT: "100000/1s" });
  const origin = await messageOf(web, (message) => urlOf(message), BUILD_TIMEOUT_MS);
  let workIds = 0;
  let operators = 0;
  let questions = 0;
  const countOnce = async () => {
    const text = await (await fetch(`${origin}/metrics`, { headers: { "x-api-key": key } })).text();
    return Number(/^reeldesk_web_database_queries_total (\d+)$/m.exec(text)?.[1]);
  };
  return {
    db,
    databaseUrl,
    webPid: web.pid,
    async addJobs(count) {
      for (let left = count; left > 0; left -= ADDED_AT_ONCE) {
        const last = workIds + Math.min(left, ADDED_AT_ONCE);
        await sql`select count(*) from graphile_worker.add_jobs(array(
          select ('fetch_episode_counts', json_build_object('workId', n), null, null, null, null, null,
            array['task:fetch_episode_counts'])::graphile_worker.job_spec
          from generate_series(${workIds + 1}::int, ${last}::int) as n))`.execute(db);
        workIds = last;
      }
    },
    async startWorker() {
      const child = start(["bench/noop-worker.ts"]);
      await messageOf(child, (message) => (JSON.stringify(message).includes("worker") ? true : undefined));
      return child;
    },
    async openTabs(pages) {
      const tabs: ConsoleTab[] = [];
      for (let at = 0; at < pages.length; at += TABS_PER_OPERATOR) {
        operators += 1;
        const email = `operator${operators}@example.org`;
        const { id } = await createOperator(db, { email, password: "tr0mbone-Lagoon" }, { actor: by });
        const token = await createSession(db, { operatorId: id, userAgent: null, clientAddress: null });
        const cookie = sessionCookie(token, { secret: SECRET, secure: false, maxAgeMs: 86_400_000 });
        for (const page of pages.slice(at, at + TABS_PER_OPERATOR))
          tabs.push(await openConsoleTab({ origin, page, cookie: cookie.split(";")[0] ?? "" }));
      }
      return tabs;
    },
    async statements() {
      // Two questions in a row differ by what one of them costs.
      const first = await countOnce();
      const second = await countOnce();
      questions += 2;
      return second - questions * (second - first);
    },
    async close() {
      await Promise.all(children.map((child) => child.end("SIGTERM")));
      await close();
      await server.close();
    },
  };
}

function urlOf(message: unknown): string | undefined {
  return typeof message === "object" && message !== null && "listening" in message
    ? String(message.listening)
    : undefined;
}
