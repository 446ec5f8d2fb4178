import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { areaOf, auditActions, labelOf } from "#app/accounts/audit-actions.ts";

/** Every door that takes mutations, and what it writes into the audit log; a sentence where it changes nothing. */
const doors: Readonly<Record<string, readonly string[] | string>> = {
  "api/bulk-import.ts": ["import.create", "import.repair"],
  "api/import-job-cancel.ts": ["import.cancel"],
  "api/import-job-retry-failed.ts": ["import.retry"],
  "api/movie.ts": ["movie.change"],
  "api/movies.ts": ["movie.create"],
  "api/show.ts": ["show.change"],
  "api/shows.ts": ["show.create"],
  "discovery/backfill.tsx": ["backfill.cancel", "backfill.retry", "backfill.retry_row"],
  "discovery/backfills.tsx": ["backfill.start"],
  "discovery/run.tsx": ["discovery.retry"],
  "discovery/discovery.tsx": ["discovery.exclude", "discovery.include", "discovery.run"],
  "discovery/lost.tsx": ["lost_title.keep", "lost_title.point_at", "lost_title.remove_id"],
  "discovery/refresh.tsx": ["refresh_rules.change", "schedule.run"],
  "imports/check.ts": "Reads a file and keeps nothing.",
  "imports/new.tsx": ["import.create", "import.repair"],
  "imports/show.tsx": [
    "import.cancel",
    "import.continue",
    "import.correct_row",
    "import.create",
    "import.pick",
    "import.pick_none",
    "import.retry_failed",
    "import.retry_group",
    "import.retry_row",
  ],
  "imports/undo.tsx": ["import.undo"],
  "library/show.tsx": [
    "quote.add",
    "quote.delete",
    "quote.edit",
    "quotes.accept_none",
    "quotes.fetch",
    "work.refresh",
  ],
  "queue/actions/show.tsx": ["bulk_action.abort"],
  "queue/failures/index.tsx": ["failure.ignore", "failure.retry", "failure.unignore"],
  "queue/failures/show.tsx": ["failure.ignore", "failure.retry", "failure.unignore"],
  "queue/index.tsx": [
    "bulk_action.start",
    "job.discard",
    "job.reschedule",
    "job.retry",
    "job.run_now",
    "job.set_priority",
  ],
  "queue/job.tsx": ["job.discard", "job.reschedule", "job.retry", "job.run_now", "job.set_priority"],
  "queue/pauses/pauses.tsx": ["queue.pause", "queue.resume", "upstream.resume"],
  "lists/ceremony.tsx": ["list.link", "list.look_again"],
  "lists/convert.tsx": ["list.convert", "list.import"],
  "lists/event.tsx": ["list.link", "list.look_again"],
  "lists/index.tsx": ["list.add"],
  "lists/list.tsx": [
    "list.change",
    "list.import",
    "list.link",
    "list.look_again",
    "list.put_aside",
    "list.stop",
    "list.take_up",
    "list.upload",
  ],
  "overview.tsx": ["upstream.resume"],
  "quotes/quotes.tsx": ["quotes.accept_none", "quotes.fetch", "quotes.fetch_many"],
  "review/aliases.tsx": ["alias.revoke"],
  "review/mismatches.tsx": ["mismatch.accept", "mismatch.reopen"],
  "review/index.tsx": ["review.pick", "review.pick_none", "review.undo"],
  "schedules/schedules.tsx": ["schedule.run"],
  "set-up.tsx": ["operator.create", "session.create"],
  "settings/settings.tsx": [
    "api_key.create",
    "api_key.revoke",
    "operator.change_password",
    "operator.create",
    "operator.disable",
    "operator.enable",
    "session.revoke",
  ],
  "sign-in.tsx": ["session.create"],
  "sign-out.tsx": ["session.end"],
  "upstreams/index.tsx": ["upstream.flush", "upstream.resume", "upstream.test"],
};

const source = (file: string) => readFileSync(file, "utf8");

/** Routes that answer anything but GET. A resource route whose `action` only says 405 is none. */
const present = globSync("app/routes/**/*.{ts,tsx}")
  .filter((file) => {
    const text = source(file);
    return (
      /export const action = (actionDoor|door)\(/.test(text) ||
      /byMethod\(\{[^}]*\b(POST|PATCH|PUT|DELETE)\b/s.test(text)
    );
  })
  .map((file) => file.replace(/^app\/routes\//, ""))
  .sort();

describe("A-04 the audit log knows every deed", () => {
  // A new door fails here: write down what it does (`audit`, in the deed's transaction), name the action, and add it.
  it("of every door that changes something", () => {
    expect(present).toEqual(Object.keys(doors).sort());
  });

  it("and calls each action by a name for people, in an area that can be chosen", () => {
    const promised = new Set(Object.values(doors).flatMap((each) => (typeof each === "string" ? [] : each)));
    for (const action of promised) {
      expect([action, Object.keys(auditActions).includes(action)]).toEqual([action, true]);
      expect([action, areaOf(action) !== null]).toEqual([action, true]);
    }
  });

  it("and every action that stands in the code", () => {
    const written = globSync("app/**/*.{ts,tsx}").flatMap((file) =>
      [...source(file).matchAll(/\baction: "([a-z_]+\.[a-z_]+)"/g)].map(([, action]) => action ?? ""),
    );
    expect(written.length).toBeGreaterThan(20);
    expect(written.filter((action) => !Object.keys(auditActions).includes(action))).toEqual([]);
  });

  it("reads an action that it does not know as it stands", () => {
    expect(labelOf("list.import_page")).toBe("List import page");
    expect(areaOf("constructor.x")).toBeNull();
    expect(labelOf("constructor")).toBe("Constructor");
  });
});
