import { type Answer, headerOf, json, type SandboxRequest } from "../answer.ts";
import { readAsModel } from "../imdb/service.ts";
import type { Admission } from "../rate-limit.ts";
import type { Library } from "../titles/library.ts";
import { quotesOf } from "./quotes.ts";

/** What the headers of every answer say about the account's limit. */
const LIMIT_HEADERS = { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "9" };

function failure(status: number, error: string, headers: Record<string, string> = {}): Answer {
  return json(status, { error }, { ...LIMIT_HEADERS, ...headers });
}

/** The refusal of a request that is too much; null when it is not. */
export function tabstackOverLimit(admission: Admission | undefined): Answer | null {
  if (admission === undefined || admission.admitted) return null;
  const seconds = Math.max(1, Math.ceil(admission.retryAfterMs / 1000));
  return failure(429, "rate limit exceeded", {
    "x-ratelimit-remaining": "0",
    "retry-after": String(seconds),
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseBody(text: string): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}

/** Whether the schema asks for what a page can give: without that, a model has nothing to fill in. */
function asksFor(schema: Record<string, unknown>, data: Record<string, unknown>): boolean {
  const { properties } = schema;
  return (
    isObject(properties) && Object.keys(data).some((key) => Array.isArray(data[key]) && key in properties)
  );
}

/** What stands on a page of IMDb's; null when there is no such page. */
function pageData(url: string, library: Library): Record<string, unknown> | null {
  const imdbId = /^https:\/\/www\.imdb\.com\/title\/(tt\d{7,10})\/quotes\/$/.exec(url)?.[1];
  const film = imdbId === undefined ? null : library.filmByImdbId(imdbId);
  const quotes = film === null ? null : quotesOf(film);
  if (quotes !== null) return { quotes };
  const address = new URL(url);
  const read = address.origin === "https://www.imdb.com" ? readAsModel(address, library) : null;
  return isObject(read) ? read : null;
}

/**
 * Tabstack: `POST /v1/extract/json` with a bearer token, answered with the bare object that the schema asks for. Knows
 * IMDb's quotes of a title, its lists and its events; other pages do not exist.
 */
export function answerTabstack(request: SandboxRequest, library: Library, token: string): Answer {
  if (request.path !== "/v1/extract/json") return failure(404, "not found");
  if (request.method !== "POST") return failure(405, "method not allowed");
  if (headerOf(request.headers, "authorization") !== `Bearer ${token}`)
    return failure(401, "Unauthorized - Invalid token");
  const body = parseBody(request.body);
  const isJson = headerOf(request.headers, "content-type")?.startsWith("application/json") ?? false;
  if (body === null || !isJson) return failure(400, "invalid JSON request body");
  const { url, json_schema: schema } = body;
  if (url === undefined || url === "") return failure(400, "url is required");
  if (schema === undefined || schema === null) return failure(400, "json schema is required");
  if (!isObject(schema)) return failure(400, "json schema must be a valid object");
  if (typeof url !== "string" || !URL.canParse(url)) return failure(422, "url is invalid");
  const data = pageData(url, library);
  if (data === null) return failure(404, "page not found");
  if (!asksFor(schema, data)) return failure(422, "extraction failed");
  return json(200, data, LIMIT_HEADERS);
}
