/** What a line of a list holds. */
const LONGEST = 100;

/**
 * A payload in a line: its only value, or names with values; ids are cut to their first part. What cron and schedules add to a
 * payload is not its argument.
 */
export function argumentOf(payload: unknown): string {
  if (payload === null || payload === undefined) return "";
  if (typeof payload !== "object" || Array.isArray(payload)) return cut(JSON.stringify(payload) ?? "");
  const entries = Object.entries(payload).filter(([name]) => !name.startsWith("_"));
  const [only] = entries;
  if (entries.length === 1 && only) return cut(textOf(only[1]));
  return cut(entries.map(([name, value]) => `${name} ${textOf(value)}`).join(" · "));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function textOf(value: unknown): string {
  if (typeof value === "string") return UUID.test(value) ? value.slice(0, 8) : value;
  return JSON.stringify(value) ?? "";
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
