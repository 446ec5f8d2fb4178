import {
  type AuditFilter,
  auditVocabulary,
  findAuditEntry,
  listAuditEntries,
  nameSubjects,
} from "#app/accounts/audit-log.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { actionsOf, readAuditView, spanMs } from "#app/routes/settings/audit/audit-filter.ts";

const PAGE_SIZE = 50;

/** What the page of the audit log shows. */
export async function loadAudit(db: Db, params: URLSearchParams) {
  const view = readAuditView(params);
  const cursor = params.get("cursor") ?? "";
  const before = /^\d{1,18}$/.test(cursor) ? cursor : undefined;
  const vocabulary = await auditVocabulary(db);
  const [{ entries, hasMore }, opened] = await Promise.all([
    listAuditEntries(db, auditFilter(params, vocabulary.actions), { limit: PAGE_SIZE, before }),
    findAuditEntry(db, params.get("entry") ?? ""),
  ]);
  const names = await nameSubjects(
    db,
    [...entries, ...(opened ? [opened] : [])].map(({ subject }) => subject),
  );
  const named = <Entry extends { subject: string | null }>(entry: Entry) => ({
    ...entry,
    subjectName: (entry.subject !== null && names.get(entry.subject)) || null,
  });
  return {
    view,
    vocabulary,
    entries: entries.map(named),
    opened: opened ? named(opened) : null,
    nextCursor: hasMore ? (entries.at(-1)?.id ?? null) : null,
  };
}

export type ShownEntry = Awaited<ReturnType<typeof loadAudit>>["entries"][number];

/** The filter that an address says, for the list and for its export. */
export function auditFilter(params: URLSearchParams, presentActions: readonly string[]): AuditFilter {
  const view = readAuditView(params);
  return {
    actorType: view.by,
    actor: view.actor,
    actions: actionsOf(view, presentActions),
    subject: view.subject,
    withinMs: view.since && spanMs(view.since),
  };
}
