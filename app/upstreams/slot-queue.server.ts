import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { MARGIN, reserveSlots, slotIntervalMs } from "#app/upstreams/budget.server.ts";
import type { Priority } from "#app/upstreams/context.ts";
import { BudgetWait } from "#app/upstreams/errors.ts";
import type { Service } from "#app/upstreams/services.ts";

/**
 * Who in this process gets the next slot: interactive callers first, then bulk ones, each in the order they came.
 *
 * A process holds no more slots in advance than this covers (one, at TMDB's pace). What waits, waits here, not in the
 * database: so an interactive look-up, in whatever process, stands behind at most one slot of each other process instead of
 * behind everything that all imports have asked for.
 */
const LOOKAHEAD_MS = 250;

export interface SlotRequest {
  priority: Priority;
  maxWaitMs: number;
  signal?: AbortSignal | undefined;
}

interface Waiter {
  deadline: number;
  grant(): void;
  refuse(error: unknown): void;
}

export class SlotQueue {
  readonly #db: Db;
  readonly #service: Service;
  readonly #rate: RateLimit;
  readonly #waiting: Record<Priority, Waiter[]> = { interactive: [], bulk: [] };
  readonly #clock = new DatabaseClock();
  #running = false;
  /** Local time of the latest reservation's first slot. */
  #nextSlotAt = 0;
  /** Smoothed time between two slots that this process got: longer than the interval where processes share. */
  #paceMs: number;
  #pushes = 0;

  constructor(db: Db, service: Service, rate: RateLimit) {
    this.#db = db;
    this.#service = service;
    this.#rate = rate;
    this.#paceMs = slotIntervalMs(rate);
  }

  /**
   * Waits for a slot; the request must leave at once when this resolves.
   *
   * @throws BudgetWait at once when the queue is already longer than `maxWaitMs`, or when no slot came within it; the
   *   signal's reason when it fires. In both cases nothing is taken from the budget.
   */
  acquire(request: SlotRequest): Promise<void> {
    request.signal?.throwIfAborted();
    const estimateMs = this.#estimateMs(request.priority);
    if (estimateMs > request.maxWaitMs)
      return Promise.reject(new BudgetWait(this.#service, "RATE", estimateMs));
    const queue = this.#waiting[request.priority];
    return new Promise<void>((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        request.signal?.removeEventListener("abort", abort);
        const index = queue.indexOf(waiter);
        if (index >= 0) queue.splice(index, 1);
      };
      const waiter: Waiter = {
        deadline: performance.now() + request.maxWaitMs,
        grant: () => {
          leave();
          resolve();
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const abort = () => waiter.refuse(request.signal?.reason);
      const timer = setTimeout(
        () => waiter.refuse(new BudgetWait(this.#service, "RATE", this.#estimateMs(request.priority))),
        Math.min(request.maxWaitMs, 2 ** 31 - 1),
      );
      request.signal?.addEventListener("abort", abort, { once: true });
      queue.push(waiter);
      void this.#run();
    });
  }

  /** The slots in hand were given before a 429: they are not used. */
  dropSlots(): void {
    this.#pushes += 1;
  }

  get #length(): number {
    return this.#waiting.interactive.length + this.#waiting.bulk.length;
  }

  #estimateMs(priority: Priority): number {
    const before = priority === "interactive" ? this.#waiting.interactive.length : this.#length;
    if (before === 0) return 0;
    return Math.max(0, this.#nextSlotAt - performance.now()) + before * this.#paceMs;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#length > 0) await this.#serve();
    } catch (error) {
      for (const waiter of this.#everybody()) waiter.refuse(error);
    } finally {
      this.#running = false;
    }
  }

  #everybody(): Waiter[] {
    return [...this.#waiting.interactive, ...this.#waiting.bulk];
  }

  async #serve(): Promise<void> {
    const intervalMs = slotIntervalMs(this.#rate);
    const slots = Math.min(this.#length, Math.max(1, Math.floor(LOOKAHEAD_MS / intervalMs)));
    const sentAt = performance.now();
    const patience = Math.max(...this.#everybody().map((waiter) => waiter.deadline)) - sentAt;
    const reservation = await reserveSlots(this.#db, this.#service, this.#rate, {
      slots,
      maxWaitMs: patience,
    });
    if (!reservation.granted) {
      const reason = reservation.blocked ? "BLOCKED" : "RATE";
      for (const waiter of this.#everybody())
        waiter.refuse(new BudgetWait(this.#service, reason, reservation.waitMs));
      return;
    }
    const pushes = this.#pushes;
    const firstAt = this.#clock.toLocal(reservation.firstAtMs, reservation.nowMs, sentAt, performance.now());
    this.#notePace(firstAt, intervalMs);
    for (let slot = 0; slot < slots; slot += 1) {
      const at = firstAt + slot * intervalMs;
      const wait = at - performance.now();
      // Those who wait keep the process alive, not the slot.
      if (wait > 0) await sleep(wait, undefined, { ref: false });
      // A slot that comes late (the event loop was busy) would crowd the next ones: it is let go and another is reserved.
      if (this.#pushes !== pushes || performance.now() - at > this.#lateMs) return;
      const next = this.#waiting.interactive[0] ?? this.#waiting.bulk[0];
      if (!next) return;
      next.grant();
    }
  }

  /** Two fifths of the room that the margin leaves; the rest belongs to the network. */
  get #lateMs(): number {
    return this.#rate.perMs * MARGIN * 0.4;
  }

  #notePace(firstAt: number, intervalMs: number): void {
    const gap = firstAt - this.#nextSlotAt;
    this.#nextSlotAt = firstAt;
    // Only gaps of an unbroken run say something about the pace; the rest was idleness.
    if (gap > 0 && gap < 20 * intervalMs)
      this.#paceMs = Math.max(intervalMs, 0.7 * this.#paceMs + 0.3 * Math.min(gap, 20 * intervalMs));
  }
}

/**
 * Translates the database's clock into this process's monotonic one.
 *
 * An answer that this process read late would make its slot look later than it is, so the smallest difference of the last
 * readings counts, held between what the sending and the receiving time allow.
 */
class DatabaseClock {
  readonly #differences: number[] = [];

  toLocal(atMs: number, nowMs: number, sentAt: number, receivedAt: number): number {
    this.#differences.push(receivedAt - nowMs);
    if (this.#differences.length > 16) this.#differences.shift();
    const local = atMs + Math.min(...this.#differences);
    const waitMs = atMs - nowMs;
    return Math.min(Math.max(local, sentAt + waitMs), receivedAt + waitMs);
  }
}
