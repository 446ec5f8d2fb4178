import type { Upstream } from "#app/upstreams/definition.server.ts";
import type { HttpAnswer } from "#app/upstreams/http.server.ts";
import type { Verdict } from "#app/upstreams/judge.server.ts";

/** TMDB says what is wrong by `status_code`; `success` is missing in old answers and is not looked at. */
function judgeTmdb(answer: HttpAnswer): Verdict | undefined {
  if (answer.status < 400 || "problem" in answer.body) return undefined;
  const body = answer.body.value;
  if (typeof body !== "object" || body === null) return undefined;
  const said = "status_message" in body ? String(body.status_message) : undefined;
  const code = "status_code" in body ? body.status_code : undefined;
  if (answer.status === 401) return { kind: "fault", fault: "KEY_REFUSED", details: { said } };
  if (answer.status === 404 && (code === 34 || code === 6)) return { kind: "missing" };
  if (answer.status === 400 || answer.status === 422)
    return { kind: "fault", fault: "REFUSED", details: { detail: `code ${String(code)}`, said } };
  return undefined;
}

/** How TMDB v3 is asked, and how its answers are judged. */
export const tmdb: Upstream = {
  service: "tmdb",
  baseUrl: (config) => config.TMDB_BASE_URL,
  key: (config) => config.TMDB_API_KEY ?? "",
  // A bearer token sent as api_key is refused as an invalid key, so the two are told apart by their form.
  credentials: (key) =>
    key.startsWith("eyJ") ? { headers: { authorization: `Bearer ${key}` } } : { query: { api_key: key } },
  budget: (config) => ({ rate: config.TMDB_RATE_LIMIT }),
  judge: judgeTmdb,
};
