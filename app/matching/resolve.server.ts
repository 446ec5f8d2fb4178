import { AppError } from "#app/errors.ts";
import type { Candidate } from "#app/matching/candidate.ts";
import { type Decision, decide } from "#app/matching/decide.ts";
import { type NextStep, nextStep, type SearchParams, type StepResult } from "#app/matching/ladder.ts";
import { rememberResolution } from "#app/matching/remembered.server.ts";
import type { Resolution, TitleRequest } from "#app/matching/resolution.ts";
import { normalizeTitle } from "#app/matching/title.ts";
import { movieCandidate, seriesCandidate } from "#app/matching/tmdb-candidates.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { BudgetWait, UpstreamPaused } from "#app/upstreams/errors.ts";
import { getByTitle } from "#app/upstreams/omdb/client.server.ts";
import { isOn } from "#app/upstreams/services.ts";
import {
  findByExternalId,
  getMovie,
  getSeries,
  searchMovies,
  searchSeries,
} from "#app/upstreams/tmdb/client.server.ts";

/** What one distinct title may cost at TMDB, details included (issue 1 of 4, must hold 4). */
const CALLS_PER_TITLE = 2;
/** A cached answer of this age was asked for by this look-up, as a rule: its chunk had to come back for want of a budget. */
const SAME_LOOK_UP_MS = 3_600_000;

export interface Resolved {
  resolution: Resolution;
  /** TMDB calls that this title may still cost: its details, if one is left. */
  callsLeft: number;
}

/**
 * Finds what a title is (M-01): its external id, else the ladder of searches at TMDB, else OMDb where TMDB is off, paused or
 * knows nothing. What TMDB or OMDb answered is remembered.
 *
 * @throws AppError UPSTREAM_OFF when neither is on · BudgetWait · UpstreamPaused · UpstreamError
 */
export async function resolveTitle(ctx: UpstreamContext, request: TitleRequest): Promise<Resolved> {
  const asked = await askTmdb(ctx, request);
  if (asked instanceof Error && !isOn("omdb", ctx.config)) throw asked;
  if (!(asked instanceof Error) && asked.resolution.outcome !== "none") {
    await rememberResolution(ctx.db, request.key, asked.resolution);
    return asked;
  }
  const fallback = await askOmdb(ctx, request, asked instanceof Error ? asked : null);
  if (fallback) {
    await rememberResolution(ctx.db, request.key, fallback);
    return { resolution: fallback, callsLeft: 0 };
  }
  // TMDB was not asked: "nothing found" would be untrue, and must not be remembered.
  if (asked instanceof Error) throw asked;
  await rememberResolution(ctx.db, request.key, asked.resolution);
  return asked;
}

/** @returns the error when TMDB is off or paused: somebody else may be asked. Other errors are thrown. */
async function askTmdb(ctx: UpstreamContext, request: TitleRequest): Promise<Resolved | Error> {
  try {
    const budget = { callsLeft: CALLS_PER_TITLE };
    const decision = (await decideById(ctx, request, budget)) ?? (await climb(ctx, request, budget));
    const resolution = resolutionOf(decision, request);
    // The details that decided by an alternative title are those of the match, and in the cache.
    const isRead = resolution.strategy === "alternative_title";
    return { resolution, callsLeft: isRead ? 1 : budget.callsLeft };
  } catch (error) {
    const isOff = error instanceof AppError && error.code === "UPSTREAM_OFF";
    if (isOff || (error instanceof UpstreamPaused && error.reasonCode !== "RATE_LIMITED")) return error;
    throw error;
  }
}

function resolutionOf(decision: Decision, request: TitleRequest): Resolution {
  const { outcome, mediaType, tmdbId, score, strategy, reason, candidates } = decision;
  const imdbId = outcome === "match" ? (request.ids.imdb ?? null) : null;
  return {
    outcome,
    mediaType,
    tmdbId,
    imdbId,
    score,
    strategy,
    reason: { code: reason.code, text: reason.text },
    candidates,
  };
}

/** A strong id in the row is used, in its own namespace. @returns null when there is none, or nobody knows it */
async function decideById(
  ctx: UpstreamContext,
  request: TitleRequest,
  budget: { callsLeft: number },
): Promise<Decision | null> {
  const candidates = await candidatesById(ctx, request, budget);
  return candidates.length > 0 ? decide(request.query, candidates, "external_id") : null;
}

async function candidatesById(
  ctx: UpstreamContext,
  request: TitleRequest,
  budget: { callsLeft: number },
): Promise<Candidate[]> {
  const { ids, query } = request;
  if (ids.tmdb && query.kind === "tv") {
    const series = count(budget, await getSeries(ctx, ids.tmdb));
    return series ? [seriesCandidate(series)] : [];
  }
  if (ids.tmdb) {
    const movie = count(budget, await getMovie(ctx, ids.tmdb));
    return movie ? [movieCandidate(movie)] : [];
  }
  const [source, id] = ids.imdb ? (["imdb_id", ids.imdb] as const) : (["tvdb_id", ids.tvdb] as const);
  if (!id) return [];
  const found = count(budget, await findByExternalId(ctx, source, String(id)));
  return [...found.movie_results.map(movieCandidate), ...found.tv_results.map(seriesCandidate)];
}

/** Climbs the ladder: it says what to look up next, this does it. */
async function climb(
  ctx: UpstreamContext,
  request: TitleRequest,
  budget: { callsLeft: number },
): Promise<Decision> {
  const history: StepResult[] = [];
  for (;;) {
    const step: NextStep = nextStep(request.query, history, budget);
    if (step.step === "done") return step.decision;
    if (step.step === "search") history.push({ ...step, candidates: await search(ctx, step.params, budget) });
    else history.push({ ...step, titles: await alternativeTitles(ctx, step, budget) });
  }
}

async function search(
  ctx: UpstreamContext,
  params: SearchParams,
  budget: { callsLeft: number },
): Promise<Candidate[]> {
  const input = { query: params.query, year: params.year };
  if (params.kind === "tv") return count(budget, await searchSeries(ctx, input)).results.map(seriesCandidate);
  return count(budget, await searchMovies(ctx, input)).results.map(movieCandidate);
}

/** The details call with everything appended: if this one is the match, its details cost nothing more. */
async function alternativeTitles(
  ctx: UpstreamContext,
  step: { tmdbId: number; mediaType: "movie" | "tv" },
  budget: { callsLeft: number },
): Promise<string[]> {
  const details =
    step.mediaType === "tv"
      ? count(budget, await getSeries(ctx, step.tmdbId))
      : count(budget, await getMovie(ctx, step.tmdbId));
  const { titles = [], results = [] } = details?.alternative_titles ?? {};
  return [...titles, ...results].map((entry) => entry.title);
}

/**
 * What went over the wire costs one of the title's calls, now or when this look-up was begun: else a title whose chunk comes
 * back in the middle of it would climb one rung further each time. What was known before costs nothing.
 */
function count<T>(
  budget: { callsLeft: number },
  answer: { value: T; source: "network" | "cache" | "stale"; fetchedAt: Date },
): T {
  const isOurs = answer.source === "network" || Date.now() - answer.fetchedAt.getTime() < SAME_LOOK_UP_MS;
  if (isOurs) budget.callsLeft--;
  return answer.value;
}

/**
 * What a match that is remembered may still cost for its details: nothing when finding it took two searches, the same for
 * every row and chunk. The details that decided between alternative titles are in the cache.
 */
export function callsLeftFor(match: Resolution, request: TitleRequest): number {
  const { strategy } = match;
  if (strategy === "cleaned_title") return 0;
  if (strategy === "search_without_year" && request.query.year !== null) return 0;
  // A series for a row that does not say what it is: films were searched first.
  if (strategy.startsWith("search") && match.mediaType === "tv" && request.query.kind === null) return 0;
  return 1;
}

/**
 * OMDb's one best match, taken only when its name is the row's and its year, where the row has one, is the same.
 *
 * @param without why TMDB was not asked; then OMDb's own trouble is the title's trouble
 */
async function askOmdb(
  ctx: UpstreamContext,
  request: TitleRequest,
  without: Error | null,
): Promise<Resolution | null> {
  if (!isOn("omdb", ctx.config)) return null;
  const { title, year, kind } = request.query;
  try {
    const { value } = await getByTitle(ctx, { title, year, type: kind === "tv" ? "series" : "movie" });
    if (!value?.imdbId || normalizeTitle(value.title) !== normalizeTitle(title)) return null;
    if (year !== null && value.year !== year) return null;
    const text = without
      ? "TMDB could not be asked; OMDb knows this title."
      : "TMDB does not know this title; OMDb does.";
    return {
      outcome: "match",
      mediaType: kind ?? "movie",
      tmdbId: null,
      imdbId: value.imdbId,
      score: year === null ? 0.7 : 0.9,
      strategy: "omdb",
      reason: { code: "omdb_title", text },
      candidates: [],
    };
  } catch (error) {
    // A second opinion that is not to be had: TMDB's answer, or TMDB's trouble, stands.
    if (error instanceof UpstreamPaused || error instanceof BudgetWait) return null;
    throw error;
  }
}
