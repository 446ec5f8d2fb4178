import { isMoment, momentOf } from "#app/queue/job-filter.ts";
import { CALL_RANGES, type CallRange } from "#app/upstreams/call-sums.ts";
import { isService, type Service } from "#app/upstreams/services.ts";

/** Words of the filter box, `task:refresh_work job:17`. */
const wordNames = ["endpoint", "error", "task", "job", "import", "work", "from", "to"] as const;
type WordName = (typeof wordNames)[number];

/** Fates that a chip narrows the log to. */
const fates = ["failed", "not-found", "cached"] as const;
export type FateFilter = (typeof fates)[number];

/** What the address of the call log says. */
export interface CallsView {
  service: Service | undefined;
  fate: FateFilter | undefined;
  words: Partial<Record<WordName, string>>;
  /** The words as they were typed. */
  text: string;
  /** How far back; null where `from:` says it. */
  range: CallRange | null;
  /** Range that an address without one means. */
  usualRange: CallRange;
  /** A sentence per word that was not understood: nothing is searched while there is one. */
  problems: string[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NUMBER = /^[1-9]\d{0,17}$/;
const LONGEST = 1_000;

const rules: Record<WordName, { fits: (value: string) => boolean; sentence: string }> = {
  endpoint: {
    fits: (value) => value.startsWith("/"),
    sentence: "is no endpoint: they begin with a slash, like /movie/{id}.",
  },
  error: {
    fits: (value) => /^[A-Z][A-Z0-9_]*$/.test(value),
    sentence: "is no error: write its code, like error:TIMEOUT.",
  },
  task: {
    fits: (value) => /^[\w:/-]{1,128}$/.test(value),
    sentence: "names no task: they are words like refresh_work.",
  },
  job: {
    fits: (value) => NUMBER.test(value),
    sentence: "is no job: a job's id is the number in its address.",
  },
  import: {
    fits: (value) => UUID.test(value),
    sentence: "is no import: copy the id from the import's address.",
  },
  work: {
    fits: (value) => NUMBER.test(value),
    sentence: "is no work: a work's id is the number in its address.",
  },
  from: { fits: isMoment, sentence: "is no time: write from:2026-11-20 or from:2026-11-20T14:30, in UTC." },
  to: { fits: isMoment, sentence: "is no time: write to:2026-11-20 or to:2026-11-20T14:30, in UTC." },
};

/** Reads the filter out of a URL. Unknown chips count as absent; words that make no sense are said. */
export function readCallsView(params: URLSearchParams): CallsView {
  const text = (params.get("q") ?? "").trim();
  const { words, problems } = readWords(text);
  const service = params.get("service") ?? "";
  // What one job, import or work has called is little, and may be weeks ago.
  const usualRange = words.job || words.import || words.work ? "90d" : "1h";
  const range = CALL_RANGES.find((each) => each === params.get("range")) ?? usualRange;
  return {
    service: isService(service) ? service : undefined,
    fate: fates.find((fate) => fate === params.get("fate")),
    words,
    text,
    range: words.from ? null : range,
    usualRange,
    problems,
  };
}

function readWords(text: string): Pick<CallsView, "words" | "problems"> {
  const words: CallsView["words"] = {};
  const problems: string[] = [];
  if (text.length > LONGEST || text.includes("\0"))
    return {
      words,
      problems: [`The filter is longer than ${LONGEST} characters or unreadable: type it anew.`],
    };
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const colon = word.indexOf(":");
    const name = wordNames.find((each) => each === word.slice(0, colon));
    const value = word.slice(colon + 1);
    if (!name)
      problems.push(`${word} is not understood: write what is looked for as name:value, like job:17.`);
    else if (words[name] !== undefined) problems.push(`${name}: stands twice: leave one of them out.`);
    else if (!rules[name].fits(value)) problems.push(`${word} ${rules[name].sentence}`);
    else words[name] = value;
  }
  return { words, problems };
}

/** Whether anything but time narrows the log: an empty list then means "nothing matches". */
export function isNarrowed({ service, fate, text }: CallsView): boolean {
  return service !== undefined || fate !== undefined || text !== "";
}

/** What the log is asked for. */
export function filterOf({ service, fate, words, range }: CallsView) {
  const hours: Record<CallRange, number> = { "1h": 1, "24h": 24, "7d": 7 * 24, "90d": 90 * 24 };
  return {
    service,
    endpoint: words.endpoint,
    outcome: words.error ?? (fate === "failed" ? "failed" : fate === "not-found" ? "NOT_FOUND" : undefined),
    cached: fate === "cached" ? true : undefined,
    task: words.task,
    jobId: words.job,
    importJobId: words.import,
    workId: words.work,
    hours: range ? hours[range] : undefined,
    from: words.from ? new Date(momentOf(words.from, "from")) : undefined,
    to: words.to ? new Date(momentOf(words.to, "to")) : undefined,
  };
}

/** The address of the log, narrowed to this. */
export function callsHref(
  narrow: { service?: string; fate?: FateFilter; range?: CallRange } & Partial<Record<WordName, string>>,
): string {
  const { service, fate, range } = narrow;
  const text = wordNames.flatMap((name) => (narrow[name] ? [`${name}:${narrow[name]}`] : [])).join(" ");
  const params = new URLSearchParams();
  if (service) params.set("service", service);
  if (fate) params.set("fate", fate);
  if (text) params.set("q", text);
  if (range) params.set("range", range);
  return params.size > 0 ? `/upstreams/calls?${params}` : "/upstreams/calls";
}

const MOST_SUGGESTED = 8;

/** How the last word of the filter could go on; whole texts, a name with its colon. */
export function suggestCallWords(
  typed: string,
  known: { endpoints: readonly string[]; tasks: readonly string[]; errors: readonly string[] },
): string[] {
  const start = typed.search(/\S*$/);
  const before = typed.slice(0, start);
  const word = typed.slice(start);
  const values: Partial<Record<WordName, readonly string[]>> = {
    endpoint: known.endpoints,
    task: known.tasks,
    error: known.errors,
  };
  return wordNames
    .flatMap((name) => {
      if (word.startsWith(`${name}:`)) return (values[name] ?? []).map((value) => `${name}:${value}`);
      return before.includes(`${name}:`) ? [] : [`${name}:`];
    })
    .filter((each) => each.startsWith(word) && each !== word)
    .slice(0, MOST_SUGGESTED)
    .map((each) => `${before}${each}`);
}
