const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";
/** What stands where there is no value. */
export const NOTHING = "–";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A point in time: a Date, an ISO 8601 string, or milliseconds since 1970. */
export type Instant = Date | string | number;

/**
 * The instant as a Date, or null when it is absent or cannot be read.
 */
export function toDate(instant: Instant | null | undefined): Date | null {
  if (instant === null || instant === undefined) return null;
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? null : date;
}

const two = (value: number) => String(value).padStart(2, "0");

/**
 * A day: `12 Nov 2026` in UTC, `–` when absent. A calendar date (`2026-11-12`) is taken as it is.
 */
export function formatDay(instant: Instant | null | undefined): string {
  const date = toDate(instant);
  if (date === null) return NOTHING;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/**
 * A moment in full: `12 Nov 2026, 03:00 UTC`; with `seconds`, `12 Nov 2026, 03:00:07 UTC`.
 */
export function formatMoment(
  instant: Instant | null | undefined,
  options: { seconds?: boolean } = {},
): string {
  const date = toDate(instant);
  if (date === null) return NOTHING;
  const seconds = options.seconds ? `:${two(date.getUTCSeconds())}` : "";
  return `${formatDay(date)}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds} UTC`;
}

/**
 * How far the instant is from `now`, in its largest unit: `8 s ago`, `4 min ago`, `in 3 h`, `2 days ago`; the day itself
 * beyond 30 days. Less than a second either way is `just now`.
 *
 * @param now milliseconds since 1970
 */
export function formatAgo(instant: Instant | null | undefined, now: number): string {
  const date = toDate(instant);
  if (date === null) return NOTHING;
  const distance = now - date.getTime();
  const size = Math.abs(distance);
  if (size < SECOND) return "just now";
  if (size > 30 * DAY) return formatDay(date);
  const text = largestUnit(size);
  return distance > 0 ? `${text} ago` : `in ${text}`;
}

function largestUnit(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}${NBSP}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}${NBSP}min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}${NBSP}h`;
  const days = Math.floor(ms / DAY);
  return days === 1 ? `1${NBSP}day` : `${days}${NBSP}days`;
}

/**
 * A span of milliseconds in at most two units: `340 ms`, `1.2 s`, `34 s`, `4 min 12 s`, `2 h 05 min`, `3 d 4 h`. Two clocks that
 * disagree can make a span negative: it reads as zero. `–` when absent.
 */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NOTHING;
  const span = Math.max(0, ms);
  if (span < SECOND) return `${Math.floor(span)}${NBSP}ms`;
  if (span < 10 * SECOND) return `${(Math.floor(span / 100) / 10).toFixed(1)}${NBSP}s`;
  const seconds = Math.floor(span / SECOND);
  if (span < MINUTE) return `${seconds}${NBSP}s`;
  if (span < HOUR) return `${Math.floor(seconds / 60)}${NBSP}min ${two(seconds % 60)}${NBSP}s`;
  const minutes = Math.floor(seconds / 60);
  if (span < DAY) return `${Math.floor(minutes / 60)}${NBSP}h ${two(minutes % 60)}${NBSP}min`;
  const hours = Math.floor(minutes / 60);
  return `${grouped.format(Math.floor(hours / 24))}${NBSP}d ${hours % 24}${NBSP}h`;
}

/**
 * An estimate in one unit, rounded as people would: `less than a minute`, `about 4 min`, `about 2 h`, `about 3 days`. `–` when unknown.
 *
 * @param seconds what is left, 0 or more
 */
export function formatEstimate(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NOTHING;
  if (seconds < 60) return "less than a minute";
  if (seconds < 90 * 60) return `about ${Math.round(seconds / 60)}${NBSP}min`;
  if (seconds < 36 * 3600) return `about ${Math.round(seconds / 3600)}${NBSP}h`;
  return `about ${Math.round(seconds / 86_400)}${NBSP}days`;
}

/**
 * A whole number with its thousands grouped: `12,408`. Digits of a bigint survive. `–` when absent.
 */
export function formatCount(value: number | bigint | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  if (typeof value === "number" && !Number.isFinite(value)) return NOTHING;
  return grouped.format(value);
}

/**
 * A number with its noun: `1 row`, `37 rows`.
 */
export function formatQuantity(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/**
 * The share of a whole in whole percent, `62 %`. Rounded down, so that 100 % means all of it; anything above nothing is at
 * least `1 %`. `–` when there is no whole.
 */
export function formatPercent(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return NOTHING;
  const share = (Math.max(0, part) / whole) * 100;
  const rounded = share > 0 && share < 1 ? 1 : Math.floor(Math.min(100, share));
  return `${rounded}${NBSP}%`;
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * A size in bytes by powers of 1,024: `512 B`, `9.8 MiB`, `10 MiB`. `–` when absent.
 */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return NOTHING;
  let size = Math.max(0, bytes);
  let unit = 0;
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toFixed(digits).replace(/\.0$/, "")}${NBSP}${BYTE_UNITS[unit]}`;
}

/**
 * The title of the browser tab: `(3 failed) Imports · Reeldesk`. The state comes first because tabs are cut at the end.
 */
export function documentTitle(page: string, state?: string | null): string {
  return `${state ? `(${state}) ` : ""}${page} · Reeldesk`;
}
