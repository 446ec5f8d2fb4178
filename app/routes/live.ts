import { findEndedSessions } from "#app/accounts/ended-sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { readChangedImports } from "#app/imports/changed-imports.server.ts";
import { LiveUpdates } from "#app/imports/live.server.ts";
import { parseTopic } from "#app/imports/live-topic.ts";
import { requireOperator } from "#app/middleware/request-context.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { readChangedWorks } from "#app/works/changed-works.server.ts";

const methods = byMethod({ GET: listen });
export const loader = methods;
export const action = methods;

/** One for the process. `scripts/serve.ts` ends its streams at a stop. */
const updates = new LiveUpdates({
  readChanges: async (workIds) => {
    const { db } = appContext();
    return (await Promise.all([readChangedImports(db), readChangedWorks(db, workIds)])).flat();
  },
  findEnded: (sessionIds) => findEndedSessions(appContext().db, sessionIds),
  now: () => performance.now(),
  schedule: (callback, ms) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
});

/** `GET /live?topic=imports|overview|import:ID|work:ID`: server-sent events, each saying only "changed". */
function listen({ request, url, context }: DoorArgs): Response {
  const operator = requireOperator(context);
  const topic = parseTopic(url.searchParams.get("topic"));
  if (topic === null)
    throw new AppError(
      "UNKNOWN_TOPIC",
      400,
      "Live updates are about imports, overview, import:ID or work:ID.",
      { topics: ["imports", "overview", "import:ID", "work:ID"] },
    );
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    // nginx keeps answers back to send them in larger pieces.
    "x-accel-buffering": "no",
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const stream = updates.listen(
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
