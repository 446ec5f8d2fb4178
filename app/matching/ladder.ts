import { type Candidate, candidateKey, readQuery, type TitleQuery } from "./candidate.ts";
import { type Decision, decideRanked, hasSameTitle, type Strategy } from "./decide.ts";
import { type ReasonCode, reason } from "./reason.ts";
import { type Ranked, rank } from "./score.ts";
import { cleanTitle, normalizeTitle, type TitleKind } from "./title.ts";

/** The rungs that cost a search. */
export type SearchStrategy = Extract<Strategy, "search_with_year" | "search_without_year" | "cleaned_title">;

export interface SearchParams {
  query: string;
  year: number | null;
  kind: TitleKind;
}

export interface SearchStep {
  step: "search";
  params: SearchParams;
  strategy: SearchStrategy;
}

/** Details of one candidate with its alternative titles (one call: they are appended). */
export interface AlternativeTitlesStep {
  step: "alternative_titles";
  tmdbId: number;
  mediaType: TitleKind;
}

export interface DoneStep {
  step: "done";
  decision: Decision;
}

export type NextStep = SearchStep | AlternativeTitlesStep | DoneStep;

/** A step as it was given out, with what it found. A title that is gone from TMDB has no alternative titles: `[]`. */
export type StepResult =
  | (SearchStep & { candidates: Candidate[] })
  | (AlternativeTitlesStep & { titles: string[] });

/** Reasons for doubt that no further look-up can lift: the titles are found, and which is meant only a person knows. */
const settledDoubts: ReadonlySet<ReasonCode> = new Set([
  "same_title_same_year",
  "same_title",
  "film_or_series",
  "year_off_by_one",
  "year_unknown",
  "year_differs",
  "better_known_rival",
  "not_clearly_best",
]);

/**
 * Next look-up for a title, or the decision when there is nothing more to find out or to spend (M-01). Pure: the caller
 * makes the call, adds its result to `history` and asks again. `callsLeft` counts what this title may still cost; what comes
 * from the cache costs nothing.
 *
 * The order: search as the row says; then, with nothing decided, alternative titles of a result that has the right year but
 * another name (TMDB searches translated titles too, and does not say which it hit); then the cleaned title; then, where
 * the row does not say film or series and no film was found at all, series; then without the year; at last alternative titles
 * of the likeliest result of a search without year. With the two calls that a title may cost, that is the first search
 * and whichever of the others comes first.
 */
export function nextStep(
  query: TitleQuery,
  history: readonly StepResult[],
  budget: { callsLeft: number },
): NextStep {
  const read = readQuery(query);
  const seen = candidatesSeen(history);
  const ranked = rank(read, seen);
  const decision = decideRanked(read, ranked, strategyOf(read, history, ranked[0]));
  const isSettled = decision.outcome === "match" || settledDoubts.has(decision.reason.code);
  if (isSettled) return { step: "done", decision };
  if (budget.callsLeft <= 0) return { step: "done", decision: outOfCalls(decision, history) };
  const isNew = history.every((result) => result.step !== "alternative_titles");
  const inRightYear = isNew ? otherNameSameYear(ranked) : undefined;
  return (
    asLookUp(inRightYear) ??
    searches(read, seen).find((search) => !wasMade(search, history)) ??
    asLookUp(isNew ? otherNameWithoutYear(ranked) : undefined) ?? { step: "done", decision }
  );
}

/** "The search found nothing" would be untrue where none could be made. */
function outOfCalls(decision: Decision, history: readonly StepResult[]): Decision {
  return history.length === 0 ? { ...decision, reason: reason("not_looked_up") } : decision;
}

/** Everything found so far, once each, with the alternative titles that were looked up. */
function candidatesSeen(history: readonly StepResult[]): Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const result of history) {
    const found = result.step === "search" ? result.candidates : [];
    for (const candidate of found) {
      const key = candidateKey(candidate);
      if (!seen.has(key)) seen.set(key, candidate);
    }
  }
  for (const result of history) {
    if (result.step !== "alternative_titles") continue;
    const candidate = seen.get(candidateKey(result));
    if (candidate === undefined) continue;
    const alternativeTitles = [...(candidate.alternativeTitles ?? []), ...result.titles];
    seen.set(candidateKey(result), { ...candidate, alternativeTitles });
  }
  return [...seen.values()];
}

/** The rung that brought the best candidate: the search that first had it, or the alternative title that it agrees by. */
function strategyOf(query: TitleQuery, history: readonly StepResult[], best: Ranked | undefined): Strategy {
  if (best?.signals.title === "alternative") return "alternative_title";
  const made = history.filter((result) => result.step === "search");
  const key = best === undefined ? undefined : candidateKey(best.candidate);
  const first = made.find((search) => search.candidates.some((candidate) => candidateKey(candidate) === key));
  return (
    (first ?? made.at(-1))?.strategy ?? (query.year === null ? "search_without_year" : "search_with_year")
  );
}

/** All searches worth making, in order. */
function searches(query: TitleQuery, seen: readonly Candidate[]): SearchStep[] {
  const { title, year } = query;
  const kind = query.kind ?? "movie";
  const strategy = year === null ? "search_without_year" : "search_with_year";
  const steps: SearchStep[] = [{ step: "search", params: { query: title, year, kind }, strategy }];
  // A spelling that only swaps "&" and "and" is not worth a call: the search finds both.
  const cleaned = cleanTitle(title).find((variant) => normalizeTitle(variant) !== normalizeTitle(title));
  if (cleaned !== undefined) {
    steps.push({ step: "search", params: { query: cleaned, year, kind }, strategy: "cleaned_title" });
  }
  if (query.kind === null && seen.length === 0) {
    steps.push({ step: "search", params: { query: title, year, kind: "tv" }, strategy });
  }
  if (year !== null) {
    steps.push({
      step: "search",
      params: { query: title, year: null, kind },
      strategy: "search_without_year",
    });
  }
  return steps;
}

function wasMade(step: SearchStep, history: readonly StepResult[]): boolean {
  return history.some(
    (result) =>
      result.step === "search" &&
      result.params.query === step.params.query &&
      result.params.year === step.params.year &&
      result.params.kind === step.params.kind,
  );
}

function otherNameSameYear(ranked: readonly Ranked[]): Ranked | undefined {
  return likeliest(ranked.filter((one) => one.signals.year === "exact" && isOtherName(one)));
}

function otherNameWithoutYear(ranked: readonly Ranked[]): Ranked | undefined {
  return likeliest(ranked.filter((one) => one.signals.year === "unasked" && isOtherName(one)));
}

/** One call, one candidate: whose title agrees in part; else the best known, since a translation shares no letters. */
function likeliest(ranked: readonly Ranked[]): Ranked | undefined {
  const [first] = ranked;
  if (first === undefined || first.signals.title !== "different") return first;
  return ranked.reduce(
    (top, next) => (next.candidate.voteCount > top.candidate.voteCount ? next : top),
    first,
  );
}

function isOtherName(one: Ranked): boolean {
  return one.signals.kind !== "differs" && !hasSameTitle(one);
}

function asLookUp(one: Ranked | undefined): AlternativeTitlesStep | undefined {
  if (one === undefined) return undefined;
  const { tmdbId, mediaType } = one.candidate;
  return { step: "alternative_titles", tmdbId, mediaType };
}
