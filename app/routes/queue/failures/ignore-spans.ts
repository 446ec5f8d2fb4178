const HOUR = 3_600_000;

/** How long a group is usually ignored. */
export const IGNORE_SPANS = {
  "1h": { label: "1 hour", ms: HOUR },
  "1d": { label: "1 day", ms: 24 * HOUR },
  "1w": { label: "1 week", ms: 168 * HOUR },
} as const;

export type IgnoreSpan = keyof typeof IGNORE_SPANS;

export const isIgnoreSpan = (span: string): span is IgnoreSpan => Object.hasOwn(IGNORE_SPANS, span);
