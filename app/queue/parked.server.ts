import { type RawBuilder, sql } from "kysely";

/**
 * Paused jobs that are due are put off by a thousand years: graphile-worker's index leads it past them, while it would read
 * every one of them at every fetch for their flags (7.5 ms with 10,000 of them, against 0.1 ms). Whole hours, so that
 * taking the same off again gives the time back to the microsecond.
 */
export const PARKED_FOR = sql`interval '8766000 hours'`;

/** Whether a job was put off because it is paused: nothing else is planned for half a millennium ahead. */
export function isParked(runAt: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(${runAt} > now() + interval '4383000 hours')`;
}

/** When a job is due, whether it is put off because it is paused or not. */
export function dueAt(runAt: RawBuilder<unknown>): RawBuilder<Date> {
  return sql<Date>`case when ${isParked(runAt)} then ${runAt} - ${PARKED_FOR} else ${runAt} end`;
}
