import { AppError } from "#app/errors.ts";
import { type JobState, jobOrders } from "#app/queue/job-state.ts";

/** Where a page of jobs ended: the values of the order's columns, then the job's id. */
export type JobCursor = readonly string[];

const TIME = /^(?:-?infinity|\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\+00:00)$/;

/** What a page gives out as the address of the next one. */
export function writeCursor(state: JobState, values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([state, ...values.map(String)])).toString("base64url");
}

/** @throws AppError BAD_CURSOR (400), also for one that belongs to the list of another state */
export function readCursor(state: JobState, cursor: string): JobCursor {
  const [ofState, ...values] = parse(cursor);
  const { columns } = jobOrders[state];
  const fits =
    ofState === state &&
    values.length === columns.length + 1 &&
    columns.every((column, index) =>
      column === "priority" ? /^-?\d{1,5}$/.test(values[index] ?? "") : TIME.test(values[index] ?? ""),
    ) &&
    /^\d{1,18}$/.test(values.at(-1) ?? "");
  if (!fits)
    throw new AppError(
      "BAD_CURSOR",
      400,
      "The cursor is not one that this list gave out. Start again without it.",
    );
  return values;
}

function parse(cursor: string): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(values) ? values.map(String) : [];
  } catch {
    return [];
  }
}
