import { labelOf } from "#app/accounts/audit-actions.ts";
import {
  type AuditEntryRow,
  type AuditFilter,
  auditVocabulary,
  listAuditEntries,
} from "#app/accounts/audit-log.server.ts";
import { appContext } from "#app/context.server.ts";
import { csvLines } from "#app/csv/csv-lines.ts";
import { csvStream } from "#app/csv/csv-stream.ts";
import type { Db } from "#app/db/client.server.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { auditFilter } from "#app/routes/settings/audit/load-audit.server.ts";

const methods = byMethod({ GET: download });
export const loader = methods;
export const action = methods;

const BATCH = 1_000;

/** `GET /settings/audit.csv`: the entries that the page's filter lets through, newest first. */
async function download({ url }: DoorArgs): Promise<Response> {
  const { db } = appContext();
  const { actions } = await auditVocabulary(db);
  const lines = auditCsv(db, auditFilter(url.searchParams, actions));
  return new Response(csvStream(lines), {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": 'attachment; filename="audit-log.csv"',
      "x-content-type-options": "nosniff",
    },
  });
}

async function* auditCsv(db: Db, filter: AuditFilter): AsyncGenerator<string, void, undefined> {
  yield csvLines([["at", "who_kind", "who", "action", "what", "to_what", "details", "request_id"]]);
  let before: string | undefined;
  for (;;) {
    const { entries, hasMore } = await listAuditEntries(db, filter, { limit: BATCH, before });
    if (entries.length > 0) yield csvLines(entries.map(lineOf));
    before = entries.at(-1)?.id;
    if (!hasMore) return;
  }
}

function lineOf(entry: AuditEntryRow): string[] {
  return [
    entry.at.toISOString(),
    entry.actorType,
    entry.actor,
    entry.action,
    labelOf(entry.action),
    entry.subject ?? "",
    entry.details ? JSON.stringify(entry.details) : "",
    entry.requestId ?? "",
  ];
}
