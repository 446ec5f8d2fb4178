import type { UpstreamContext } from "#app/upstreams/context.ts";
import type { Upstream } from "#app/upstreams/definition.server.ts";
import type { HttpAnswer } from "#app/upstreams/http.server.ts";
import type { Verdict } from "#app/upstreams/judge.server.ts";
import { type OmdbTitle, omdbTitle, readTitle } from "#app/upstreams/omdb/shapes.ts";
import { type Answer, askCached } from "#app/upstreams/upstream.server.ts";

const DAY_MS = 86_400_000;
const TITLE_MS = 30 * DAY_MS;
const NOTHING_FOUND_MS = DAY_MS;

/**
 * OMDb says what is wrong by text: the status is 401 both for a bad key and for a used-up day, and 200 for "not found".
 */
function judgeOmdb(answer: HttpAnswer): Verdict | undefined {
  if ("problem" in answer.body) return undefined;
  const body = answer.body.value;
  if (typeof body !== "object" || body === null || !("Error" in body)) return undefined;
  const said = String(body.Error);
  if (/limit reached/i.test(said)) return { kind: "fault", fault: "QUOTA_USED_UP", details: { said } };
  if (/api ?key/i.test(said)) return { kind: "fault", fault: "KEY_REFUSED", details: { said } };
  if (/not found|incorrect imdb id|too many results|conversion from string|must provide/i.test(said))
    return { kind: "missing" };
  if (answer.status >= 400) return undefined;
  return { kind: "fault", fault: "BAD_ANSWER", details: { detail: "RESPONSE_FALSE", said } };
}

export const omdb: Upstream = {
  service: "omdb",
  baseUrl: (config) => config.OMDB_BASE_URL,
  key: (config) => config.OMDB_API_KEY ?? "",
  credentials: (key) => ({ query: { apikey: key } }),
  budget: (config) => ({ perDay: config.OMDB_DAILY_LIMIT }),
  judge: judgeOmdb,
};

export type OmdbType = "movie" | "series";

async function title(
  ctx: UpstreamContext,
  query: Record<string, string>,
  cacheKey: string,
): Promise<Answer<OmdbTitle | null>> {
  const answer = await askCached(ctx, omdb, {
    endpoint: "i" in query ? "/?i={id}" : "/?t={title}",
    path: "/",
    query: { ...query, r: "json" },
    shape: omdbTitle,
    cacheKey,
    ttlMs: (value) => (value ? TITLE_MS : NOTHING_FOUND_MS),
  });
  return { ...answer, value: answer.value && readTitle(answer.value) };
}

/** A title by its IMDb id; null when OMDb does not know it, or answers with another one. */
export async function getByImdbId(ctx: UpstreamContext, imdbId: string): Promise<Answer<OmdbTitle | null>> {
  const answer = await title(ctx, { i: imdbId }, `i=${imdbId}`);
  return answer.value && answer.value.imdbId !== imdbId ? { ...answer, value: null } : answer;
}

/**
 * A title by name. OMDb gives one best match and is silent about others of the same name (it has given a video game for
 * "Star Wars"), so what is not of the type asked for, or more than a year off, counts as not found.
 */
export async function getByTitle(
  ctx: UpstreamContext,
  input: { title: string; year?: number | null | undefined; type: OmdbType },
): Promise<Answer<OmdbTitle | null>> {
  const name = input.title.normalize("NFC").replaceAll(/\s+/g, " ").trim();
  if (!name) return { value: null, source: "cache", fetchedAt: new Date() };
  const year = input.year ? String(input.year) : "";
  const answer = await title(
    ctx,
    { t: name, type: input.type, ...(year ? { y: year } : {}) },
    `t=${name.toLowerCase()}|type=${input.type}${year ? `|y=${year}` : ""}`,
  );
  const found = answer.value;
  if (!found) return answer;
  const yearOff = input.year && found.year !== null ? Math.abs(found.year - input.year) : 0;
  return found.type === input.type && yearOff <= 1 ? answer : { ...answer, value: null };
}
