import { appContext } from "#app/context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { mediaQuery } from "#app/routes/api/media-requests.ts";
import { readInput } from "#app/routes/api/read-input.ts";
import { mediaListAnswer } from "#app/works/media-answer.server.ts";

const methods = byMethod({ GET: list });
export const loader = methods;
export const action = methods;

/** `GET /media` */
async function list({ url }: DoorArgs): Promise<Response> {
  const query = readInput(mediaQuery, url.searchParams, "query");
  return Response.json(await mediaListAnswer(appContext().db, query));
}
