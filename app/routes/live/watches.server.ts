import { sql } from "kysely";
import { confirmedSessions } from "#app/accounts/confirmed-sessions.server.ts";
import { aliveSessions, endedAmong } from "#app/accounts/ended-sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import {
  newestImportAgeMs,
  newestImportChange,
  readChangedImports,
} from "#app/imports/changed-imports.server.ts";
import { type ConsoleNews, ConsoleWatch } from "#app/live/console-watch.ts";
import { worksOf } from "#app/live/live-topic.ts";
import { QueryAllowance } from "#app/live/query-allowance.ts";
import { LIVE_QUERIES_PER_SECOND, takeSpentOnSharedReads } from "#app/live/shared-reads.server.ts";
import type { Watch } from "#app/live/watch.ts";
import { consoleVersion, newestRunAgeMs } from "#app/queue/console/console-version.server.ts";
import { circuitsVersion } from "#app/upstreams/circuits-version.server.ts";
import { readChangedWorks } from "#app/works/changed-works.server.ts";

/** What looks for changes while somebody listens: imports and works by the half second, the console at its own slow pace. */
export function liveWatches(): Watch[] {
  const now = () => performance.now();
  const allowance = new QueryAllowance({
    perSecond: LIVE_QUERIES_PER_SECOND,
    most: 6,
    mostOwed: 100,
    now,
  });
  return [
    new ConsoleWatch({ read: readConsoleNews, allowance, takeSpent: takeSpentOnSharedReads }),
    {
      serves: () => true,
      look: async ({ topics }) => {
        const { db } = appContext();
        const found = await Promise.all([readChangedImports(db), readChangedWorks(db, worksOf(topics))]);
        return { changes: found.flat() };
      },
      intervalMs: 500,
      pageAgeMs: 10_000,
      waitMs: () => 0,
    },
  ];
}

/**
 * Everything that viewers of the console wait for, and whether they may still see it, in one statement: parts of it belong to
 * several rooms, each of which gives its own.
 */
async function readConsoleNews(sessionIds: readonly string[]): Promise<ConsoleNews> {
  const askedAt = performance.now();
  const { db } = appContext();
  const found = await db
    .selectNoFrom([
      consoleVersion().as("queue"),
      circuitsVersion().as("circuits"),
      // Every deed of a person is in it: what is done by hand anywhere shows everywhere.
      sql<string | null>`(select max(id) from audit_log)`.as("deeds"),
      newestRunAgeMs().as("runAgeMs"),
      newestImportChange().as("imports"),
      newestImportAgeMs().as("importAgeMs"),
      aliveSessions(sessionIds).as("alive"),
    ])
    .executeTakeFirstOrThrow();
  const ended = endedAmong(sessionIds, found.alive);
  confirmedSessions.confirm(sessionIds, ended, askedAt);
  return {
    console: {
      version: `${found.queue} ${found.circuits} ${found.deeds}`,
      ageMs: found.runAgeMs ?? Number.POSITIVE_INFINITY,
    },
    imports: { version: found.imports ?? "", ageMs: found.importAgeMs ?? Number.POSITIVE_INFINITY },
    ended,
  };
}
