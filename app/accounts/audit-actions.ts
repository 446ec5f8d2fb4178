/** What the audit log can hold, in words for people: `anna@example.org · Import cancelled · letterboxd.csv`. */
export const auditActions: Readonly<Record<string, string>> = {
  "session.create": "Signed in",
  "session.end": "Signed out",
  "session.revoke": "Session ended",
  "operator.create": "Operator added",
  "operator.disable": "Operator disabled",
  "operator.enable": "Operator let in again",
  "operator.reset": "Operator reset",
  "operator.change_password": "Password changed",
  "api_key.create": "API key made",
  "api_key.revoke": "API key revoked",

  "import.create": "Import started",
  "import.cancel": "Import cancelled",
  "import.continue": "Import continued",
  "import.retry": "Failed rows retried",
  "import.retry_failed": "Failed rows retried",
  "import.retry_group": "Failed rows of one reason retried",
  "import.retry_row": "Row retried",
  "import.undo": "Import undone",
  "import.correct_row": "Row corrected",
  "import.repair": "Failed rows corrected by a file",
  "import.pick": "Title picked",
  "import.pick_none": "Title refused",
  "review.pick": "Title picked in Review",
  "review.pick_none": "Title refused in Review",
  "review.undo": "Decision undone",
  "alias.revoke": "Alias revoked",
  "mismatch.accept": "Mismatch kept",
  "mismatch.reopen": "Mismatch sent to Review",

  "movie.create": "Film record added",
  "movie.change": "Film record changed",
  "show.create": "Series record added",
  "show.change": "Series record changed",
  "work.refresh": "Work refreshed",
  "quotes.fetch": "Quotes of a film asked for",
  "quotes.fetch_many": "Quotes of films asked for",
  "quotes.accept_none": "Film accepted as without quotes",
  "quote.add": "Quote added",
  "quote.edit": "Quote changed",
  "quote.delete": "Quote deleted",
  "list.add": "List added",
  "list.change": "Settings of a list changed",
  "list.put_aside": "List put aside",
  "list.take_up": "List taken up again",
  "list.import": "Import of a list started",
  "list.stop": "Import of a list stopped",
  "list.upload": "Page of a list uploaded",
  "list.look_again": "Titles of lists looked for again",
  "list.link": "Title of a list linked by hand",
  "list.convert": "List converted into an event",

  "discovery.run": "Discovery started",
  "discovery.retry": "Failed titles of a run retried",
  "discovery.exclude": "Film excluded",
  "discovery.include": "Film let in again",
  "refresh_rules.change": "Refresh rules changed",
  "lost_title.keep": "Lost title kept",
  "lost_title.remove_id": "TMDB id of a lost title removed",
  "lost_title.point_at": "Lost title pointed at another id",
  "backfill.start": "Backfill started",
  "backfill.cancel": "Backfill cancelled",
  "backfill.retry": "Failed rows of a backfill retried",
  "backfill.retry_row": "Row of a backfill retried",

  "job.retry": "Jobs retried",
  "job.run_now": "Jobs run now",
  "job.reschedule": "Jobs rescheduled",
  "job.set_priority": "Priority of jobs changed",
  "job.discard": "Jobs discarded",
  "bulk_action.start": "Bulk action started",
  "bulk_action.abort": "Bulk action aborted",
  "failure.retry": "Group of failures retried",
  "failure.ignore": "Group of failures ignored",
  "failure.unignore": "Group of failures no longer ignored",
  "queue.pause": "Paused",
  "queue.resume": "Resumed",
  "schedule.run": "Schedule run by hand",

  "upstream.resume": "Circuit closed",
  "upstream.flush": "Kept answers forgotten",
  "upstream.test": "Connection tested",
};

/** Actions that belong together, by the first part of their names. */
export const auditAreas = [
  { area: "access", label: "access", prefixes: ["session", "operator", "api_key"] },
  { area: "imports", label: "imports", prefixes: ["import", "review", "alias", "mismatch"] },
  {
    area: "catalogue",
    label: "catalogue",
    prefixes: [
      "movie",
      "show",
      "work",
      "quote",
      "quotes",
      "list",
      "discovery",
      "refresh_rules",
      "lost_title",
      "backfill",
    ],
  },
  {
    area: "queue",
    label: "queue",
    prefixes: ["job", "bulk_action", "failure", "queue", "schedule"],
  },
  { area: "upstreams", label: "upstreams", prefixes: ["upstream"] },
] as const;

export type AuditArea = (typeof auditAreas)[number]["area"];

/** The area of an action; null for one that a newer or older version wrote. */
export function areaOf(action: string): AuditArea | null {
  const [prefix] = action.split(".", 1);
  return auditAreas.find(({ prefixes }) => prefixes.some((each) => each === prefix))?.area ?? null;
}

/** What an action is called; one that is unknown here is read as it stands: `list.import` is "List import". */
export function labelOf(action: string): string {
  const known = Object.hasOwn(auditActions, action) ? auditActions[action] : undefined;
  if (known) return known;
  const words = action.replace(/[._]+/g, " ").trim();
  return words === "" ? action : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
