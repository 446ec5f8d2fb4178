import { AppError } from "#app/errors.ts";
import type { Candidate, TitleQuery } from "#app/matching/candidate.ts";
import { decideByCountry } from "#app/matching/country.ts";
import { type Decision, decide } from "#app/matching/decide.ts";
import { type NextStep, nextStep, type SearchParams, type StepResult } from "#app/matching/ladder.ts";
import { reason } from "#app/matching/reason.ts";
import { rememberResolution } from "#app/matching/remembered.server.ts";
import type { Resolution, TitleRequest } from "#app/matching/resolution.ts";
import { normalizeTitle, type TitleKind } from "#app/matching/title.ts";
import { movieCandidate, seriesCandidate } from "#app/matching/tmdb-candidates.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { BudgetWait, UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";
import { getByTitle } from "#app/upstreams/omdb/client.server.ts";
import { isOn } from "#app/upstreams/services.ts";
import {
  findByExternalId,
  getMovie,
  getSeries,
  searchMovies,
  searchSeries,
} from "#app/upstreams/tmdb/client.server.ts";
import type { TmdbFind } from "#app/upstreams/tmdb/shapes.ts";

/** What one distinct title may cost at TMDB, details included (issue 1 of 4, must hold 4). */
const CALLS_PER_TITLE = 2;
/** From this score on a film is taken without asking whether a series could be meant as well. */
const SURE_FILM = 0.8;
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
 * A series is always a match (S-01): one that nobody knows, or could be asked about, is a work under its own name, and its
 * totals are looked for later.
 *
 * @throws AppError UPSTREAM_OFF when neither is on · BudgetWait · UpstreamPaused · UpstreamError
 */
export async function resolveTitle(ctx: UpstreamContext, request: TitleRequest): Promise<Resolved> {
  const asked = await askTmdb(ctx, request);
  if (!(asked instanceof Error) && asked.resolution.outcome !== "none") return remember(ctx, request, asked);
  const fallback = await askOmdb(ctx, request, asked instanceof Error ? asked : null);
  if (fallback) return remember(ctx, request, { resolution: fallback, callsLeft: 0 });
  // TMDB was not asked: "nothing found" would be untrue, and must not be remembered.
  if (asked instanceof Error) {
    if (request.query.kind !== "tv" || request.onlyById) throw asked;
    return { resolution: bareSeries(request, "not_asked", []), callsLeft: 0 };
  }
  if (request.query.kind !== "tv" || request.onlyById) return remember(ctx, request, asked);
  const resolution = bareSeries(request, "unknown_series", asked.resolution.candidates);
  return remember(ctx, request, { resolution, callsLeft: 0 });
}

async function remember(ctx: UpstreamContext, request: TitleRequest, resolved: Resolved): Promise<Resolved> {
  await rememberResolution(ctx.db, request.key, resolved.resolution);
  return resolved;
}

function bareSeries(
  request: TitleRequest,
  code: "not_asked" | "unknown_series",
  candidates: Resolution["candidates"],
): Resolution {
  const text = {
    not_asked:
      "TMDB could not be asked. The series is kept under its own name, and is looked up when TMDB is back.",
    unknown_series: "TMDB does not know this series. It is kept under its own name, without totals.",
  }[code];
  return {
    outcome: "match",
    mediaType: "tv",
    tmdbId: null,
    imdbId: request.ids.imdb ?? null,
    bareKey: request.key,
    episode: null,
    score: 0,
    strategy: "own_name",
    reason: { code, text },
    candidates,
  };
}

function unknownEpisode(request: TitleRequest): Resolution {
  const text =
    "The id names an episode that TMDB does not know, and the row does not say of which series. Correct the row with the show's name.";
  return {
    outcome: "none",
    mediaType: null,
    tmdbId: null,
    imdbId: request.ids.imdb ?? null,
    bareKey: null,
    episode: null,
    score: 0,
    strategy: "external_id",
    reason: { code: "unknown_episode", text },
    candidates: [],
  };
}

/** @returns the error when TMDB cannot be asked: somebody else may be. For a series, which need not wait, any trouble will do. */
async function askTmdb(ctx: UpstreamContext, request: TitleRequest): Promise<Resolved | Error> {
  try {
    const budget = { callsLeft: CALLS_PER_TITLE };
    const byId = await resolveById(ctx, request, budget);
    if (!byId && request.onlyById) return { resolution: unknownEpisode(request), callsLeft: 0 };
    const resolution = byId ?? resolutionOf(await decideByTitle(ctx, request, budget), request);
    // The details that decided by an alternative title are those of the match, and in the cache.
    const isRead = resolution.strategy === "alternative_title";
    return { resolution, callsLeft: isRead ? 1 : budget.callsLeft };
  } catch (error) {
    const isOff = error instanceof AppError && error.code === "UPSTREAM_OFF";
    if (isOff || (error instanceof UpstreamPaused && error.reasonCode !== "RATE_LIMITED")) return error;
    if (request.query.kind === "tv" && !request.onlyById && error instanceof UpstreamError) return error;
    throw error;
  }
}

/** The ladder over the title; where the title may as well be "Show: Episode" and no film has it, over the show's. */
async function decideByTitle(
  ctx: UpstreamContext,
  request: TitleRequest,
  budget: { callsLeft: number },
): Promise<Decision> {
  const { query, seriesTitle } = request;
  if (!seriesTitle) return climb(ctx, query, budget);
  // One call is kept for the other reading.
  const filmBudget = { callsLeft: 1 };
  const film = await climb(ctx, { ...query, kind: "movie" }, filmBudget);
  budget.callsLeft -= 1 - filmBudget.callsLeft;
  if (film.outcome === "match" && film.score >= SURE_FILM) return film;
  const series = await climb(ctx, { title: seriesTitle, year: null, kind: "tv" }, budget);
  if (film.outcome === "none" || film.candidates.length === 0)
    return series.outcome === "none" ? film : series;
  return series.outcome === "none" ? film : doubtful(film, series);
}

/** Both readings have something for them: an operator decides. */
function doubtful(film: Decision, series: Decision): Decision {
  return {
    ...film,
    outcome: "review",
    tmdbId: null,
    mediaType: null,
    reason: reason("film_or_series"),
    candidates: [...film.candidates, ...series.candidates].slice(0, 5),
  };
}

function resolutionOf(decision: Decision, request: TitleRequest): Resolution {
  const { outcome, mediaType, tmdbId, score, strategy, reason, candidates } = decision;
  return {
    outcome,
    mediaType,
    tmdbId,
    imdbId: outcome === "match" ? (request.ids.imdb ?? null) : null,
    bareKey: mediaType === "tv" ? request.key : null,
    episode: null,
    score,
    strategy,
    reason: { code: reason.code, text: reason.text },
    candidates,
  };
}

/** A strong id in the row is used, in its own namespace. @returns null when there is none, or nobody knows it */
async function resolveById(
  ctx: UpstreamContext,
  request: TitleRequest,
  budget: { callsLeft: number },
): Promise<Resolution | null> {
  const { ids, query } = request;
  if (ids.tmdb) {
    const candidate = await candidateByTmdbId(ctx, ids.tmdb, query.kind, budget);
    return candidate && resolutionOf(decide(query, [candidate], "external_id"), request);
  }
  const [source, id] = ids.imdb ? (["imdb_id", ids.imdb] as const) : (["tvdb_id", ids.tvdb] as const);
  if (!id) return null;
  const found = count(budget, await findByExternalId(ctx, source, String(id)));
  const candidates = [...found.movie_results.map(movieCandidate), ...found.tv_results.map(seriesCandidate)];
  if (candidates.length > 0) return resolutionOf(decide(query, candidates, "external_id"), request);
  return episodeResolution(request, found.tv_episode_results[0]);
}

async function candidateByTmdbId(
  ctx: UpstreamContext,
  tmdbId: number,
  kind: TitleKind | null,
  budget: { callsLeft: number },
): Promise<Candidate | null> {
  if (kind === "tv") {
    const series = count(budget, await getSeries(ctx, tmdbId));
    return series && seriesCandidate(series);
  }
  const movie = count(budget, await getMovie(ctx, tmdbId));
  return movie && movieCandidate(movie);
}

/** The id of one episode: the match is its series, with the episode's place in it. */
function episodeResolution(
  request: TitleRequest,
  hit: TmdbFind["tv_episode_results"][number] | undefined,
): Resolution | null {
  if (!hit?.show_id || hit.season_number === null || hit.episode_number === null) return null;
  return {
    outcome: "match",
    mediaType: "tv",
    tmdbId: hit.show_id,
    // The id in the row is the episode's: the series has another.
    imdbId: null,
    bareKey: request.key,
    episode: { season: hit.season_number, episode: hit.episode_number },
    score: 1,
    strategy: "external_id",
    reason: { code: "external_id", text: reason("external_id").text },
    candidates: [],
  };
}

/** Climbs the ladder: it says what to look up next, this does it. */
async function climb(
  ctx: UpstreamContext,
  query: TitleQuery,
  budget: { callsLeft: number },
): Promise<Decision> {
  const history: StepResult[] = [];
  for (;;) {
    const step: NextStep = nextStep(query, history, budget);
    if (step.step === "done") return decideByCountry(query, step.decision);
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
  if (!isOn("omdb", ctx.config) || request.onlyById) return null;
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
      bareKey: kind === "tv" ? request.key : null,
      episode: null,
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
