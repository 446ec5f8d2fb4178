import { AsyncLocalStorage } from "node:async_hooks";

interface QueryCount {
  /** Since the process started; graphile-worker's own statements are not among them. */
  total: number;
  /** The pieces of work whose statements are counted by themselves. */
  work: AsyncLocalStorage<{ queries: number }>;
}

declare global {
  /** On the global object because Vite bundles its own copy of this module beside the one that scripts load. */
  var reeldeskQueryCount: QueryCount | undefined;
}

function queryCount(): QueryCount {
  globalThis.reeldeskQueryCount ??= { total: 0, work: new AsyncLocalStorage() };
  return globalThis.reeldeskQueryCount;
}

/** Notes one statement sent to the database; `createDatabase` calls it. */
export function noteQuery(): void {
  const count = queryCount();
  count.total += 1;
  const work = count.work.getStore();
  if (work) work.queries += 1;
}

/** Statements that this process has sent since it started. */
export function queriesSent(): number {
  return queryCount().total;
}

/**
 * Runs some work and tells how many statements it sent, whether it succeeds or not.
 *
 * @param onDone called once, before the promise settles
 */
export async function withQueryCount<T>(
  work: () => Promise<T>,
  onDone: (queries: number) => void,
): Promise<T> {
  const counted = { queries: 0 };
  try {
    return await queryCount().work.run(counted, async () => work());
  } finally {
    onDone(counted.queries);
  }
}
