import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { spendDaily, untilMidnightUtc } from "#app/upstreams/budget.server.ts";
import { BudgetWait } from "#app/upstreams/errors.ts";
import type { Service } from "#app/upstreams/services.ts";
import { SlotQueue, type SlotRequest } from "#app/upstreams/slot-queue.server.ts";

/** What an upstream allows: so many per window, or so many per UTC day. */
export type Budget = { rate: RateLimit } | { perDay: number };

const queues = new WeakMap<Db, Map<string, SlotQueue>>();

function queueFor(db: Db, service: Service, rate: RateLimit): SlotQueue {
  let ofDb = queues.get(db);
  if (!ofDb) {
    ofDb = new Map();
    queues.set(db, ofDb);
  }
  const key = `${service} ${rate.requests}/${rate.perMs}`;
  let queue = ofDb.get(key);
  if (!queue) {
    queue = new SlotQueue(db, service, rate);
    ofDb.set(key, queue);
  }
  return queue;
}

/**
 * Takes one request out of the service's budget and waits for its turn. Send at once when this resolves.
 *
 * @throws BudgetWait when the turn would come later than `maxWaitMs`, or nothing is left today; nothing is reserved then
 */
export async function reserve(db: Db, service: Service, budget: Budget, request: SlotRequest): Promise<void> {
  if ("rate" in budget) return queueFor(db, service, budget.rate).acquire(request);
  request.signal?.throwIfAborted();
  if (!(await spendDaily(db, service, budget.perDay)))
    throw new BudgetWait(service, "DAILY", untilMidnightUtc());
}

/** After a 429: this process does not use the slots that it already holds. */
export function dropHeldSlots(db: Db, service: Service): void {
  for (const [key, queue] of queues.get(db) ?? []) if (key.startsWith(`${service} `)) queue.dropSlots();
}
