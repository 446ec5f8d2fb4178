import { type Answer, json } from "../answer.ts";

const MESSAGES = {
  5: "Invalid parameters: Your request parameters are incorrect.",
  6: "Invalid id: The pre-requisite id is invalid or not found.",
  7: "Invalid API key: You must be granted a valid key.",
  20: "Invalid date range: Should be a range no longer than 14 days.",
  22: "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.",
  23: "Invalid date: Format needs to be YYYY-MM-DD.",
  27: "Too many append to response objects: The maximum number of remote calls is 20.",
  34: "The resource you requested could not be found.",
} as const;

const HTTP_STATUS = { 5: 422, 6: 404, 7: 401, 20: 422, 22: 400, 23: 400, 27: 400, 34: 404 } as const;

/** TMDB's error body for one of its status codes, under the HTTP status that belongs to it. */
export function tmdbError(code: keyof typeof MESSAGES): Answer {
  return json(HTTP_STATUS[code], { success: false, status_code: code, status_message: MESSAGES[code] });
}

/**
 * 429 as TMDB documents it.
 * @param count requests counted in the present window, this one included.
 * @param retryAfterSeconds whole seconds until one is admitted again, at least 1.
 */
export function tmdbOverLimit(count: number, limit: number, retryAfterSeconds: number): Answer {
  const message = `Your request count (${count}) is over the allowed limit of (${limit}).`;
  return json(
    429,
    { success: false, status_code: 25, status_message: message },
    { "retry-after": String(retryAfterSeconds) },
  );
}
