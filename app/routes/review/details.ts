import { appContext } from "#app/context.server.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import { type TitleDetails, titleDetails } from "#app/matching/title-details.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";

const MOST_TITLES = 5;
/** A person looks at the page: what TMDB has not said by then is left out. */
const WAIT_MS = 4_000;

export interface DetailsAnswer {
  /** By `movie:603`; null: TMDB has none of this id. */
  details: Record<string, TitleDetails | null>;
  /** Why some are missing. */
  problem: string | null;
}

const methods = byMethod({ GET: read });
export const loader = methods;
export const action = methods;

/** `GET /review/details?title=movie:603&title=tv:1396`: what the search that found candidates does not say of them. */
async function read({ url, request }: DoorArgs): Promise<Response> {
  const { db, config } = appContext();
  const keys = [...new Set(url.searchParams.getAll("title"))].slice(0, MOST_TITLES);
  const ctx = { db, config, priority: "interactive" as const, maxWaitMs: WAIT_MS, signal: request.signal };
  const answer: DetailsAnswer = { details: {}, problem: null };
  await Promise.all(
    keys.map(async (key) => {
      const [, mediaType, id] = /^(movie|tv):([1-9]\d{0,8})$/.exec(key) ?? [];
      if (id === undefined) return;
      try {
        answer.details[key] = await titleDetails(ctx, {
          mediaType: mediaType === "tv" ? "tv" : "movie",
          tmdbId: Number(id),
        });
      } catch (error) {
        answer.problem = problemOf(error);
      }
    }),
  );
  return Response.json(answer);
}

function problemOf(error: unknown): string {
  if (error instanceof AppError) return error.userMessage;
  if (error instanceof RetryLater || error instanceof UpstreamError) return error.message;
  throw error;
}
