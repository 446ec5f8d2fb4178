import { appContext } from "#app/context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { isUnchanged } from "#app/routes/api/entity-tag.ts";
import { cardQuery } from "#app/routes/api/media-requests.ts";
import { readInput } from "#app/routes/api/read-input.ts";
import { readCard } from "#app/works/card.server.ts";

const methods = byMethod({ GET: show });
export const loader = methods;
export const action = methods;

/** `GET /media/:id/card` */
async function show({ request, params, url }: DoorArgs): Promise<Response> {
  const { form } = readInput(cardQuery, url.searchParams, "query");
  const { json, etag } = await readCard(appContext().db, params.id ?? "", form);
  const headers = {
    etag: `"${etag}"`,
    // May be kept by whoever holds the key, and is asked for anew each time: that costs a 304.
    "cache-control": "private, no-cache",
    vary: "authorization, x-api-key, apikey",
  };
  if (isUnchanged(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  return new Response(json, { headers: { ...headers, "content-type": "application/json" } });
}
