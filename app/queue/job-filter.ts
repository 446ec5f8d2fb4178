/** What narrows a list of jobs beside their state. The same words stand in the address, the filter box and a bulk action. */
export interface JobFilter {
  task?: string;
  importJobId?: string;
  workId?: string;
  /** Fields of the payload, each of which must have its value: `tmdbId:603`, `options.pages:2`. */
  fields?: readonly PayloadField[];
  /** Part of the error's text, in any case. */
  error?: string;
  /** How far back, as `24h`. */
  since?: string;
  /** `2026-11-20` or `2026-11-20T14:30` or with seconds, in UTC. */
  from?: string;
  to?: string;
  worker?: string;
  fingerprint?: string;
}

export interface PayloadField {
  path: readonly string[];
  value: string;
}

export interface ParsedFilter {
  filter: JobFilter;
  /** A sentence per word that was not understood. While there is one, nothing may be listed or acted on by this filter. */
  problems: string[];
}

/** Longer than anything that people type; what an address holds beyond it was not made here. */
const LONGEST_FILTER = 2_000;
const MOST_FIELDS = 10;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SPAN = /^([1-9]\d{0,4})(s|m|h|d|w)$/;
const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z?)?$/;
const SEGMENT = /^[A-Za-z_][\w-]*$/;

const SPAN_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Words with a meaning of their own: a field of the payload that has such a name is written `payload.task:…`. */
export const filterNames = [
  "task",
  "import",
  "work",
  "error",
  "since",
  "from",
  "to",
  "worker",
  "fingerprint",
] as const;
type FilterName = (typeof filterNames)[number];

/** Which field of the filter a word fills. */
const keyOf = {
  task: "task",
  import: "importJobId",
  work: "workId",
  error: "error",
  since: "since",
  from: "from",
  to: "to",
  worker: "worker",
  fingerprint: "fingerprint",
} as const satisfies Record<FilterName, keyof JobFilter>;

/** Per word, whether its value can be meant, and the sentence when it cannot. */
const rules: Record<FilterName, { fits: (value: string) => boolean; sentence: string }> = {
  task: {
    fits: (value) => /^[\w:/-]{1,128}$/.test(value),
    sentence: "names no task: task names are words like refresh_work.",
  },
  import: {
    fits: (value) => UUID.test(value),
    sentence: "is no import: copy the id from the import's address.",
  },
  work: {
    fits: (value) => /^[1-9]\d{0,17}$/.test(value),
    sentence: "is no work: a work's id is the number in its address.",
  },
  error: { fits: () => true, sentence: "" },
  since: {
    fits: (value) => SPAN.test(value),
    sentence: "is no span of time: write since:30m, since:24h or since:7d.",
  },
  from: { fits: isMoment, sentence: "is no time: write from:2026-11-20 or from:2026-11-20T14:30, in UTC." },
  to: { fits: isMoment, sentence: "is no time: write to:2026-11-20 or to:2026-11-20T14:30, in UTC." },
  worker: {
    fits: (value) => /^[\w.:-]{1,128}$/.test(value),
    sentence: "is no worker: follow its link on the page of workers.",
  },
  fingerprint: {
    fits: (value) => /^[\w.:-]{1,128}$/.test(value),
    sentence: "is no group of failures: follow a link on the page of failures.",
  },
};

/**
 * Reads `task:refresh_work tmdbId:603 error:"too many" since:24h`.
 *
 * @param text words of the form name:value, parted by spaces; values with spaces stand in double quotes, in which \" and \\
 * stand for themselves
 */
export function parseJobFilter(text: string): ParsedFilter {
  if (text.length > LONGEST_FILTER)
    return { filter: {}, problems: [`The filter is longer than ${LONGEST_FILTER} characters: shorten it.`] };
  // PostgreSQL's text has no such character.
  if (text.includes("\0"))
    return { filter: {}, problems: ["The filter holds a NUL character: type it anew."] };
  const filter: JobFilter = {};
  const fields: PayloadField[] = [];
  const problems: string[] = [];
  for (const word of splitWords(text)) {
    const problem = word.isOpen
      ? `${word.text} begins with a quote that does not end: add the closing one.`
      : addWord(filter, fields, word.text);
    if (problem) problems.push(problem);
  }
  if (fields.length > MOST_FIELDS)
    problems.push(`The filter names more than ${MOST_FIELDS} fields of the payload: leave some out.`);
  if (fields.length > 0) filter.fields = fields;
  if (filter.since && (filter.from || filter.to))
    problems.push("since: goes without from: and to:. Leave one of them out.");
  return { filter, problems };
}

/** The text that `parseJobFilter` reads as this filter; empty when nothing is filtered. */
export function formatJobFilter(filter: JobFilter): string {
  const words: string[] = [];
  for (const name of filterNames) {
    const value = filter[keyOf[name]];
    if (value !== undefined) words.push(`${name}:${quote(value)}`);
  }
  for (const { path, value } of filter.fields ?? []) {
    const name = path.join(".");
    const isTaken = filterNames.some((taken) => taken === name) || path[0] === "payload";
    words.push(`${isTaken ? "payload." : ""}${name}:${quote(value)}`);
  }
  return words.join(" ");
}

export function isFiltered(filter: JobFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** How many milliseconds `24h` is. */
export function spanMs(span: string): number {
  const [, count = "0", unit] = SPAN.exec(span) ?? [];
  return Number(count) * (SPAN_MS[unit as keyof typeof SPAN_MS] ?? 0);
}

/**
 * The moment that `from` or `to` means, as ISO 8601. A bare day begins with its first moment; as `to` it is meant whole, so
 * it ends with the next day's.
 */
export function momentOf(text: string, edge: "from" | "to"): string {
  if (text.includes("T")) return new Date(text.endsWith("Z") ? text : `${text}Z`).toISOString();
  const day = new Date(`${text}T00:00:00Z`);
  if (edge === "to") day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString();
}

/**
 * Everything that a payload may hold where its field has the value: as number, word or text, alone or in a list. As JSON texts,
 * since JavaScript's numbers would lose digits.
 */
export function containments({ path, value }: PayloadField): string[] {
  const isLiteral = /^(?:true|false|null|-?(?:0|[1-9]\d{0,29})(?:\.\d{1,30})?)$/.test(value);
  const leaves = [JSON.stringify(value), ...(isLiteral ? [value] : [])];
  return leaves
    .flatMap((leaf) => [leaf, `[${leaf}]`])
    .map((leaf) => path.reduceRight((inner, name) => `{${JSON.stringify(name)}:${inner}}`, leaf));
}

/** Whether the text is a day or a moment that there is, as `from:` takes it. */
export function isMoment(value: string): boolean {
  if (!MOMENT.test(value)) return false;
  const date = new Date(value.includes("T") && !value.endsWith("Z") ? `${value}Z` : value);
  // JavaScript reads 30 February as 2 March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.slice(0, 10));
}

interface Word {
  text: string;
  /** Its quote has no end. */
  isOpen: boolean;
}

function splitWords(text: string): Word[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/gs) ?? [];
  return words.map((word) => ({
    text: word,
    isOpen: word.replace(/"(?:\\.|[^"\\])*"/gs, "").includes('"'),
  }));
}

/** @returns the sentence when the word makes no sense */
function addWord(filter: JobFilter, fields: PayloadField[], word: string): string | null {
  const colon = word.indexOf(":");
  if (colon < 1)
    return `${word} is not understood: write what is looked for as name:value, like task:refresh_work.`;
  const name = word.slice(0, colon);
  const value = unquote(word.slice(colon + 1));
  if (value === "" && word.slice(colon + 1) === "")
    return `${word} lacks its value: write it behind the colon, without a space.`;
  const known = filterNames.find((each) => each === name);
  if (known) {
    if (value === "") return `${word} lacks its value: nothing stands between the quotes.`;
    if (filter[keyOf[known]] !== undefined)
      return `${known}: stands twice in the filter: leave one of them out.`;
    if (!rules[known].fits(value)) return `${word} ${rules[known].sentence}`;
    filter[keyOf[known]] = known === "import" ? value.toLowerCase() : value;
    return null;
  }
  const path = name.replace(/^payload\./, "").split(".");
  if (!path.every((segment) => SEGMENT.test(segment)))
    return `${word} names no field of a payload: write it like tmdbId:603, or options.pages:2 for one inside another.`;
  fields.push({ path, value });
  return null;
}

function unquote(text: string): string {
  return text.replace(/"((?:\\.|[^"\\])*)"/gs, (_, inner: string) => inner.replace(/\\(.)/gs, "$1"));
}

function quote(value: string): string {
  return /[\s"\\]/.test(value) || value === "" ? `"${value.replace(/["\\]/g, "\\$&")}"` : value;
}
