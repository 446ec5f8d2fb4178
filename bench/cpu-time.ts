import { readdir, readFile } from "node:fs/promises";

/** Linux counts the time of processes in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has used so far, in seconds. @returns null where there is no `/proc` to ask */
export async function cpuSeconds(pid: number): Promise<number | null> {
  const stat = await readStat(pid);
  return stat && stat.own / TICKS_PER_SECOND;
}

/**
 * The same of a process with its children, those that have ended included: PostgreSQL with all of its backends.
 *
 * @returns null where there is no `/proc` to ask
 */
export async function familyCpuSeconds(pid: number): Promise<number | null> {
  const parent = await readStat(pid);
  if (parent === null) return null;
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(pids.map(readStat));
  const children = stats.filter((stat) => stat?.parent === pid);
  const ticks = children.reduce((sum, child) => sum + (child?.own ?? 0), parent.own + parent.ended);
  return ticks / TICKS_PER_SECOND;
}

/** The process that a process was started by; null where there is no `/proc` to ask. */
export async function parentOf(pid: number): Promise<number | null> {
  return (await readStat(pid))?.parent ?? null;
}

interface Stat {
  parent: number;
  /** In ticks: its own time, and that of its children that have ended. */
  own: number;
  ended: number;
}

async function readStat(pid: number): Promise<Stat | null> {
  // A process that ends meanwhile has none; its time is its parent's from then on.
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // The second field is the program's name in brackets, which may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), own: field(14) + field(15), ended: field(16) + field(17) };
}
