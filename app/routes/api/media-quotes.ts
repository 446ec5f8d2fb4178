import { appContext } from "#app/context.server.ts";
import { quotesAnswer } from "#app/quotes/quotes-answer.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { quotesQuery } from "#app/routes/api/media-requests.ts";
import { readInput } from "#app/routes/api/read-input.ts";

const methods = byMethod({ GET: show });
export const loader = methods;
export const action = methods;

/** `GET /media/:id/quotes` */
async function show({ params, url }: DoorArgs): Promise<Response> {
  const page = readInput(quotesQuery, url.searchParams, "query");
  return Response.json(await quotesAnswer(appContext().db, params.id ?? "", page));
}
