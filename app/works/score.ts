/**
 * Version of the formula below. Raise it with every change that can move a score: works with an older one are computed anew by
 * the workers' sweep. The formula in plain words, with an example: docs/score.md.
 */
export const METHOD_VERSION = 1;

/** What a title is worth, on 0–100, before anybody has said anything about it, and how far titles lie from that. */
const PRIOR = { mean: 65, deviation: 10 } as const;
/** How far single votes lie apart, in points of 100. */
const VOTE_DEVIATION = 25;
/** How far a source's public may lie from everybody's, however many vote: no number of votes makes up for that. */
const SOURCE_DEVIATION = 4;
/** For so many votes a source counts that does not say how many it has: some dozens of critics. */
const VOTES_UNSTATED = 40;
/** Nine in ten of such intervals hold what the score would be if everybody had voted everywhere. */
const INTERVAL = 1.645;

/** What one source says about a title. */
export interface SourceRating {
  source: string;
  /** 0–100 */
  value: number;
  /** null: not stated */
  votes: number | null;
}

export interface Score {
  /** 0–100, two decimals, as are the ends of the interval: low ≤ score ≤ high. */
  score: number;
  low: number;
  high: number;
  /** By source, in the alphabet's order. */
  sources: Record<string, { value: number; votes: number | null; share: number }>;
}

/**
 * One score of several sources' ratings: each counts by how sure it is, which its number of votes says, and all of them are
 * drawn towards the prior mean, the more the fewer votes there are.
 *
 * @param ratings one per source, in any order
 * @returns null without ratings
 */
export function scoreOf(ratings: readonly SourceRating[]): Score | null {
  if (ratings.length === 0) return null;
  // Sums of fractions depend on their order in the last digit; a score does not.
  const sorted = [...ratings].sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
  const weights = sorted.map(({ votes }) => weightOf(votes));
  const priorWeight = 1 / PRIOR.deviation ** 2;
  const total = weights.reduce((sum, weight) => sum + weight, priorWeight);
  const moved = sorted.reduce((sum, { value }, at) => sum + (weights[at] ?? 0) * (value - PRIOR.mean), 0);
  const score = PRIOR.mean + moved / total;
  const margin = INTERVAL / Math.sqrt(total);
  return {
    score: hundredths(score),
    low: hundredths(score - margin),
    high: hundredths(score + margin),
    sources: Object.fromEntries(
      sorted.map(({ source, value, votes }, at) => [
        source,
        { value, votes, share: Math.round(((weights[at] ?? 0) / total) * 10_000) / 10_000 },
      ]),
    ),
  };
}

/** How sure a source is of its rating: one over the variance of it, its votes' and its public's. */
function weightOf(votes: number | null): number {
  if (votes === 0) return 0;
  return 1 / (SOURCE_DEVIATION ** 2 + VOTE_DEVIATION ** 2 / (votes ?? VOTES_UNSTATED));
}

const hundredths = (value: number): number => Math.round(Math.min(100, Math.max(0, value)) * 100) / 100;
