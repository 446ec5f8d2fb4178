import { type AskedTitle, askTitle, compareTitle, type TitleSignal } from "./agreement.ts";
import { type Candidate, candidateKey, type TitleQuery } from "./candidate.ts";

/** `near` is off by one: sources disagree on the year as often as that. `unasked`: the row has no year. */
export type YearSignal = "exact" | "near" | "far" | "unknown" | "unasked";

export interface Signals {
  title: TitleSignal;
  /** How well the titles agree, 0..1. */
  titleStrength: number;
  year: YearSignal;
  kind: "agrees" | "differs" | "unasked";
  /** Marked as video or adult while unmarked candidates are there. */
  penalised: boolean;
}

/** A candidate with what was found for and against it. `score` is 0..1 with two decimals. */
export interface ScoredCandidate extends Omit<Candidate, "alternativeTitles"> {
  score: number;
  signals: Signals;
}

/** Ranked: best first. `exactScore` is unrounded, for comparing. */
export interface Ranked {
  candidate: Candidate;
  exactScore: number;
  signals: Signals;
}

/** Title counts for 0.7, year for 0.3, so that the wrong title in the right year stays behind the right title a year off. */
const titleWeight = 0.7;
const yearWeight = 0.3;
const yearScores: Record<YearSignal, number> = { exact: 1, unasked: 0.65, near: 0.6, unknown: 0.4, far: 0 };
const otherKindFactor = 0.3;
const markedFactor = 0.8;

/** Scores every candidate against the query and ranks them; the same whatever order they come in. Duplicates are dropped. */
export function rank(query: TitleQuery, candidates: readonly Candidate[]): Ranked[] {
  const asked = askTitle(query.title);
  const someUnmarked = candidates.some((candidate) => !isMarked(candidate));
  const ranked = candidates
    .map((candidate) => scoreOne(query, asked, candidate, someUnmarked && isMarked(candidate)))
    .sort(byRank);
  const seen = new Set<string>();
  return ranked.filter(({ candidate }) => {
    const key = candidateKey(candidate);
    return !seen.has(key) && seen.add(key);
  });
}

function scoreOne(query: TitleQuery, asked: AskedTitle, candidate: Candidate, penalised: boolean): Ranked {
  const title = compareTitle(asked, candidate);
  const year = compareYear(query.year, candidate.year);
  const kind = query.kind === null ? "unasked" : query.kind === candidate.mediaType ? "agrees" : "differs";
  const factor = (penalised ? markedFactor : 1) * (kind === "differs" ? otherKindFactor : 1);
  return {
    candidate,
    exactScore: factor * (titleWeight * title.strength + yearWeight * yearScores[year]),
    signals: { title: title.signal, titleStrength: twoDecimals(title.strength), year, kind, penalised },
  };
}

function compareYear(asked: number | null, known: number | null): YearSignal {
  if (asked === null) return "unasked";
  if (known === null) return "unknown";
  const apart = Math.abs(asked - known);
  return apart === 0 ? "exact" : apart === 1 ? "near" : "far";
}

function isMarked(candidate: Candidate): boolean {
  return candidate.adult === true || candidate.video === true;
}

/** Equal scores are ordered by how well known they are, then by id, so that the order of arrival never counts. */
function byRank(one: Ranked, other: Ranked): number {
  return (
    other.exactScore - one.exactScore ||
    other.candidate.voteCount - one.candidate.voteCount ||
    other.candidate.popularity - one.candidate.popularity ||
    one.candidate.tmdbId - other.candidate.tmdbId ||
    one.candidate.mediaType.localeCompare(other.candidate.mediaType)
  );
}

/** What is stored and shown of a ranked candidate. */
export function publish(ranked: Ranked): ScoredCandidate {
  const { alternativeTitles: _, ...candidate } = ranked.candidate;
  return { ...candidate, score: twoDecimals(ranked.exactScore), signals: ranked.signals };
}

function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}
