import { findEndedSessions } from "#app/accounts/ended-sessions.server.ts";
import { appContext } from "#app/context.server.ts";
import { LiveUpdates } from "#app/live/live-updates.server.ts";
import { renewSharedReads } from "#app/live/shared-reads.server.ts";
import { liveWatches } from "#app/routes/live/watches.server.ts";

/** One for the process. `scripts/serve.ts` ends its streams at a stop. */
export const liveUpdates = new LiveUpdates({
  watches: liveWatches(),
  findEnded: (sessionIds) => findEndedSessions(appContext().db, sessionIds),
  beforeTelling: renewSharedReads,
  now: () => performance.now(),
  schedule: (callback, ms) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
});
