import type { AppContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { MOST_GROUPED_JOBS } from "#app/queue/console/failed-jobs.server.ts";
import {
  countIgnoredGroups,
  findFailureGroup,
  listFailureGroups,
  listFailureSamples,
} from "#app/queue/failures.server.ts";
import { failedJobCount } from "#app/routes/queue/failed-job-count.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";

// Each row has two questions to ask: more of them cost the server more than the query does.
const PAGE_SIZE = 25;
const SAMPLES = 20;

export type FailureGroupView = Awaited<ReturnType<typeof loadFailures>>["groups"][number];

/**
 * What the list of failure groups shows for its URL: `show=ignored`, `cursor`.
 *
 * @throws AppError BAD_CURSOR (400)
 */
export async function loadFailures({ db }: Pick<AppContext, "db">, params: URLSearchParams) {
  const ignored = params.get("show") === "ignored";
  const cursor = params.get("cursor") || undefined;
  const [page, ignoredGroups, failedJobs, isWorkerAlive] = await Promise.all([
    sharedRead(`queue:failures?${ignored}&${cursor ?? ""}`, () =>
      listFailureGroups(db, { ignored, cursor, limit: PAGE_SIZE }),
    ),
    sharedRead("queue:ignored-groups", () => countIgnoredGroups(db)),
    failedJobCount(db),
    workerAlive(db),
  ]);
  return {
    ignored,
    isFirstPage: cursor === undefined,
    ignoredGroups,
    failedJobs,
    isWorkerAlive,
    /** Set when there are more failed jobs than are told apart by their group. */
    groupedJobs: page.groups.some((group) => group.hasMoreFailedJobs) ? MOST_GROUPED_JOBS : null,
    ...page,
  };
}

/**
 * One group with its last failed attempts.
 *
 * @throws AppError FAILURE_GROUP_NOT_FOUND (404)
 */
export async function loadFailureGroup({ db }: Pick<AppContext, "db">, fingerprint: string) {
  const [group, samples, isWorkerAlive] = await Promise.all([
    sharedRead(`queue:failure?${fingerprint}`, () => findFailureGroup(db, fingerprint)),
    sharedRead(`queue:failure-samples?${fingerprint}`, () => listFailureSamples(db, fingerprint, SAMPLES)),
    workerAlive(db),
  ]);
  return { group, samples, hours: hoursOf(group.trend), isWorkerAlive };
}

/** The bars of the chart; the last one is the hour that has begun. */
function hoursOf(trend: readonly number[]) {
  const present = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return trend.map((failures, index) => ({
    at: new Date(present - (trend.length - 1 - index) * 3_600_000),
    values: { failures },
  }));
}
