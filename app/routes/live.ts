import { AppError } from "#app/errors.ts";
import { parseTopic, TOPICS } from "#app/live/live-topic.ts";
import { requireOperator } from "#app/middleware/request-context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { liveUpdates } from "#app/routes/live/live-updates-of-process.server.ts";

const methods = byMethod({ GET: listen });
export const loader = methods;
export const action = methods;

/** `GET /live?topic=imports|overview|console|import:ID|work:ID`: server-sent events, each saying only "changed". */
function listen({ request, url, context }: DoorArgs): Response {
  const operator = requireOperator(context);
  const topic = parseTopic(url.searchParams.get("topic"));
  if (topic === null)
    throw new AppError("UNKNOWN_TOPIC", 400, `Live updates are about ${TOPICS.join(", ")}.`, {
      topics: TOPICS,
    });
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    // nginx keeps answers back to send them in larger pieces.
    "x-accel-buffering": "no",
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const stream = liveUpdates.listen(
    {
      topic,
      operatorId: operator.id,
      sessionId: operator.sessionId,
      resumed: request.headers.has("last-event-id"),
    },
    request.signal,
  );
  return new Response(stream, { headers });
}
