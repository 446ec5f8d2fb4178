import { z } from "zod";

export const serviceSchema = z.enum(["tmdb", "tmdbImages", "omdb", "tabstack", "imdb", "catalogue"]);
export type Service = z.infer<typeof serviceSchema>;

const faultSchema = z.discriminatedUnion("kind", [
  /** An answer of our choosing; nothing happens behind it. */
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** The right answer, `ms` later. */
  z.strictObject({ kind: z.literal("delay"), ms: z.number().min(0) }),
  /** Connection reset before anything happens. */
  z.strictObject({ kind: z.literal("reset") }),
  /** 200 and application/json, but not JSON. */
  z.strictObject({ kind: z.literal("garbage") }),
  /** 200 with an HTML page, as a proxy or a challenge sends. */
  z.strictObject({ kind: z.literal("html") }),
  /** The effect happens; half of the answer arrives, then the connection breaks. */
  z.strictObject({ kind: z.literal("truncate") }),
  /** The effect happens; the answer comes `bytes` at a time, every `everyMs`. */
  z.strictObject({
    kind: z.literal("drip"),
    bytes: z.int().min(1).default(1),
    everyMs: z.number().min(1).default(50),
  }),
  /** The effect happens, then the connection is reset without a byte. */
  z.strictObject({ kind: z.literal("lostAnswer") }),
  /** No answer, ever; the connection stays open. */
  z.strictObject({ kind: z.literal("hang") }),
  /** 200 with valid JSON of this many bytes; under another `contentType`, with as many bytes of something. */
  z.strictObject({
    kind: z.literal("tooLarge"),
    bytes: z.int().min(16),
    contentType: z.string().default("application/json;charset=utf-8"),
  }),
]);

export const faultRuleSchema = z.strictObject({
  service: serviceSchema,
  /** What a request must be like; everything named must fit. */
  match: z
    .strictObject({
      method: z.string().optional(),
      /** Path within the service: a prefix when it starts with "/", else a regular expression ("^/movie/\\d+$"). */
      path: z.string().optional(),
      /** Parameters that must be present with exactly these values. */
      query: z.record(z.string(), z.string()).optional(),
      /** Text that its body must hold. */
      body: z.string().optional(),
    })
    .optional(),
  /** How often it strikes; unlimited when absent. */
  times: z.int().min(1).optional(),
  /** Chance of striking, 0 to 1, from a seeded generator; always when absent. */
  probability: z.number().min(0).max(1).optional(),
  fault: faultSchema,
});

/** A fault as callers write it. */
export type FaultRule = z.input<typeof faultRuleSchema>;
export type Fault = z.output<typeof faultSchema>;
export type FaultKind = Fault["kind"];
export type ActiveFault = z.output<typeof faultRuleSchema> & { id: number; struck: number };

type Matched = { service: Service; method: string; path: string; query: URLSearchParams; body: string };

function fits(rule: ActiveFault, request: Matched): boolean {
  const match = rule.match ?? {};
  if (rule.service !== request.service) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  if (match.path !== undefined) {
    const byPrefix = match.path.startsWith("/") && request.path.startsWith(match.path);
    if (!byPrefix && (match.path.startsWith("/") || !new RegExp(match.path, "u").test(request.path)))
      return false;
  }
  if (match.body !== undefined && !request.body.includes(match.body)) return false;
  return Object.entries(match.query ?? {}).every(([name, value]) => request.query.get(name) === value);
}

/** Pseudo-random numbers in 0 … 1 that repeat with the seed (mulberry32), so a drill can be run again. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The faults on demand. Rules are tried in the order they were added; the first that strikes is played. */
export class Faults {
  readonly #random: () => number;
  #rules: ActiveFault[] = [];
  #nextId = 1;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** @returns the rule's id. @throws {z.ZodError | SyntaxError} when the rule is malformed. */
  add(rule: FaultRule): number {
    const parsed = faultRuleSchema.parse(rule);
    const path = parsed.match?.path;
    if (path !== undefined && !path.startsWith("/")) new RegExp(path, "u");
    const id = this.#nextId++;
    this.#rules.push({ ...parsed, id, struck: 0 });
    return id;
  }

  list(): ActiveFault[] {
    return structuredClone(this.#rules);
  }

  /** Removes one rule, or all. */
  clear(id?: number): void {
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id);
  }

  /** The fault for this request, if one strikes now. */
  strike(request: Matched): Fault | null {
    for (const rule of this.#rules) {
      if (rule.times !== undefined && rule.struck >= rule.times) continue;
      if (!fits(rule, request)) continue;
      if (rule.probability !== undefined && this.#random() >= rule.probability) continue;
      rule.struck += 1;
      return rule.fault;
    }
    return null;
  }
}
