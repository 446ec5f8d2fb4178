import type { TitleSignal } from "./agreement.ts";
import { type Candidate, readQuery, type TitleQuery } from "./candidate.ts";
import { type Reason, type ReasonCode, reason } from "./reason.ts";
import { publish, type Ranked, rank, type ScoredCandidate } from "./score.ts";
import type { TitleKind } from "./title.ts";

/** The rung of the ladder (M-01) that a decision came from. */
export type Strategy =
  | "alias"
  | "external_id"
  | "search_with_year"
  | "search_without_year"
  | "cleaned_title"
  | "alternative_title";

export interface Decision {
  outcome: "match" | "review" | "none";
  /** Set when, and only when, the outcome is `match`; unique together with `mediaType`. */
  tmdbId: number | null;
  mediaType: TitleKind | null;
  /** Score of the best candidate, 0..1 with two decimals; 0 without any. */
  score: number;
  strategy: Strategy;
  reason: Reason;
  /** The best five, best first. */
  candidates: ScoredCandidate[];
}

interface Verdict {
  outcome: Decision["outcome"];
  code: ReasonCode;
  chosen?: Ranked;
}

const listed = 5;

/**
 * Titles that count as the same, in tiers: within the best tier that has anyone, all are rivals; a lower tier is no rival to
 * a higher one. `loose` is the same title only when the year confirms it.
 */
const tiers: readonly (readonly TitleSignal[])[] = [
  ["exact", "original"],
  ["alternative"],
  ["cleaned"],
  ["loose"],
];
const sameTitle: readonly TitleSignal[] = tiers.flat();
/** From here on a partial agreement is a whole segment of the title or nearly all of it. */
const strongPart = 0.65;
/** A title counts as known from this many votes, as little known below `fewVotes`; and then needs 50 times the other's. */
const manyVotes = 500;
const fewVotes = 50;
const farMoreVotes = 50;

/**
 * Decides which candidate a row means (M-02): only what is clearly best is accepted.
 *
 * With a year
 * - same title, same year, one candidate: match. Several: review, unless one is far better known than all the others (at
 *   least 500 votes and 50 times the next, which has fewer than 50); a film and a series: always review.
 * - same title, year off by one or unknown: review.
 * - part of the title or nearly its letters, same year: review when it is a strong part or the only one.
 * - same title, year off by more: review when it is the only one of that title and the title is distinctive (two words and
 *   ten letters at least, so neither "Halloween" nor "The Thing"); else none.
 *
 * Without a year
 * - same title, one candidate: match, at a lower score; review when it is little known and a near miss is far better known.
 *   Several: as above. A near miss of the other kind, when the row leaves the kind open: review.
 * - loosely the same title or a strong part of it: review.
 *
 * Everything else is none. Candidates of another kind than the row's are never accepted. What is marked video or adult gives
 * way to what is not. A match is always the candidate with the highest score. Pure; order of candidates does not count.
 */
export function decide(query: TitleQuery, candidates: readonly Candidate[], strategy: Strategy): Decision {
  const read = readQuery(query);
  return decideRanked(read, rank(read, candidates), strategy);
}

/** `decide` for a query that has been read and candidates that have been ranked by it. */
export function decideRanked(query: TitleQuery, ranked: readonly Ranked[], strategy: Strategy): Decision {
  const verdict = judge(query, ranked, strategy);
  const isMatch = verdict.outcome === "match" && verdict.chosen !== undefined;
  const first = ranked.slice(0, listed).map(publish);
  const named = strategy === "alias" || strategy === "external_id";
  return {
    outcome: verdict.outcome,
    tmdbId: isMatch ? (verdict.chosen?.candidate.tmdbId ?? null) : null,
    mediaType: isMatch ? (verdict.chosen?.candidate.mediaType ?? null) : null,
    score: isMatch && named ? 1 : (first[0]?.score ?? 0),
    strategy,
    reason: reason(verdict.code),
    candidates: first,
  };
}

function judge(query: TitleQuery, ranked: readonly Ranked[], strategy: Strategy): Verdict {
  if (ranked.length === 0) return { outcome: "none", code: "no_candidates" };
  if (strategy === "alias" || strategy === "external_id") return judgeNamed(ranked, strategy);
  const ofKind = ranked.filter(({ signals }) => signals.kind !== "differs");
  const verdict = query.year === null ? judgeWithoutYear(query, ofKind) : judgeWithYear(query, ofKind);
  if (verdict.outcome === "none" && verdict.code === "no_title_agrees") {
    const elsewhere = ranked.some((one) => one.signals.kind === "differs" && hasSameTitle(one));
    return elsewhere ? { outcome: "none", code: "other_kind" } : verdict;
  }
  const isBest = verdict.chosen === undefined || verdict.chosen === ranked[0];
  return verdict.outcome === "match" && !isBest ? { outcome: "review", code: "not_clearly_best" } : verdict;
}

/** An alias and an id name one title, whatever it is called; only an id that contradicts both name and year is doubted. */
function judgeNamed(ranked: readonly Ranked[], strategy: "alias" | "external_id"): Verdict {
  const ofKind = ranked.filter(({ signals }) => signals.kind !== "differs");
  const [chosen, ...others] = ofKind.length > 0 ? ofKind : ranked;
  if (others.length > 0) return { outcome: "review", code: "several_for_id" };
  if (strategy === "alias") return { outcome: "match", code: "decided_before", chosen };
  const contradicts = chosen?.signals.title === "different" && chosen.signals.year === "far";
  return contradicts
    ? { outcome: "review", code: "id_disagrees" }
    : { outcome: "match", code: "external_id", chosen };
}

function judgeWithYear(query: TitleQuery, ranked: readonly Ranked[]): Verdict {
  const same = ranked.filter(hasSameTitle);
  const sameYear = ranked.filter(({ signals }) => signals.year === "exact");
  const rivals = rivalsAmong(same.filter(({ signals }) => signals.year === "exact"));
  if (rivals.length > 0) return clearlyBest(query, rivals, "title_and_year", "same_title_same_year");
  if (same.some(({ signals }) => signals.year === "near"))
    return { outcome: "review", code: "year_off_by_one" };
  if (same.some(({ signals }) => signals.year === "unknown"))
    return { outcome: "review", code: "year_unknown" };
  const parts = sameYear.filter(({ signals }) => signals.title === "partial" || signals.title === "similar");
  if (parts.length === 1 || parts.some(isStrongPart)) return { outcome: "review", code: "part_of_title" };
  if (same.length === 0) return { outcome: "none", code: "no_title_agrees" };
  const isOnly = same.length === 1 && parts.length === 0;
  return isOnly && isDistinctive(query.title)
    ? { outcome: "review", code: "year_differs" }
    : { outcome: "none", code: "year_disagrees" };
}

function judgeWithoutYear(query: TitleQuery, ranked: readonly Ranked[]): Verdict {
  const near = ranked.filter(({ signals }) => signals.title === "loose");
  const rivals = rivalsAmong(ranked.filter((one) => hasSameTitle(one) && !near.includes(one)));
  const parts = ranked.filter(isStrongPart);
  if (rivals.length > 0) {
    const verdict = clearlyBest(query, rivals, "only_title", "same_title");
    const otherKinds = near.some(({ candidate }) => candidate.mediaType !== rivals[0]?.candidate.mediaType);
    if (query.kind === null && otherKinds) return { outcome: "review", code: "film_or_series" };
    const overshadowed = [...near, ...parts].some((one) => isFarBetterKnown(one, rivals));
    return verdict.outcome === "match" && overshadowed
      ? { outcome: "review", code: "better_known_rival" }
      : verdict;
  }
  if (near.length > 0) return { outcome: "review", code: "loose_title" };
  if (parts.length > 0) return { outcome: "review", code: "part_of_title" };
  return { outcome: "none", code: "no_title_agrees" };
}

/** Those who agree equally well: one tier of titles, and the unmarked before the marked. */
function rivalsAmong(same: Ranked[]): Ranked[] {
  const tier = tiers.find((signals) => same.some((one) => signals.includes(one.signals.title)));
  const rivals = same.filter((one) => tier?.includes(one.signals.title));
  const unmarked = rivals.filter(({ signals }) => !signals.penalised);
  return unmarked.length > 0 ? unmarked : rivals;
}

function clearlyBest(query: TitleQuery, rivals: Ranked[], single: ReasonCode, several: ReasonCode): Verdict {
  const [first, ...rest] = rivals;
  if (first === undefined || rest.length === 0) return { outcome: "match", code: single, chosen: first };
  const kinds = new Set(rivals.map(({ candidate }) => candidate.mediaType));
  if (query.kind === null && kinds.size > 1) return { outcome: "review", code: "film_or_series" };
  return isFarBetterKnown(first, rest)
    ? { outcome: "match", code: "best_known", chosen: first }
    : { outcome: "review", code: several };
}

function isFarBetterKnown(one: Ranked, others: Ranked[]): boolean {
  const next = Math.max(...others.map(({ candidate }) => candidate.voteCount));
  const votes = one.candidate.voteCount;
  return votes >= manyVotes && next < fewVotes && votes >= farMoreVotes * next;
}

/** Whether the candidate has the title asked for, its year aside. */
export function hasSameTitle(one: Pick<Ranked, "signals">): boolean {
  return sameTitle.includes(one.signals.title);
}

function isStrongPart({ signals }: Ranked): boolean {
  return signals.title === "partial" && signals.titleStrength >= strongPart;
}

function isDistinctive(title: string): boolean {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length >= 2 && words.join("").length >= 10;
}
