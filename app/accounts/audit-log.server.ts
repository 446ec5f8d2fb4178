import { type SelectQueryBuilder, sql } from "kysely";
import type { Actor } from "#app/accounts/actor.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";

/** One thing that somebody did. */
export interface AuditEntryRow {
  id: string;
  at: Date;
  actorType: Actor["type"];
  actor: string;
  action: string;
  subject: string | null;
  details: Record<string, unknown> | null;
  requestId: string | null;
}

export interface AuditFilter {
  actorType?: Actor["type"] | undefined;
  /** The whole name: an e-mail address, a key's name. */
  actor?: string | undefined;
  /** Whole names of actions; none of them: nothing. */
  actions?: readonly string[] | undefined;
  /** `import:…` */
  subject?: string | undefined;
  /** Milliseconds back from now. */
  withinMs?: number | undefined;
}

const columns = [
  "id",
  "at",
  "actor_type as actorType",
  "actor",
  "action",
  "subject",
  "details",
  "request_id as requestId",
] as const;

/**
 * What was done, newest first.
 *
 * @param page.before the id of the last entry of the page before
 * @returns `page.limit` entries at most, and whether there are more
 */
export async function listAuditEntries(
  db: Db,
  filter: AuditFilter,
  page: { limit: number; before?: string | undefined },
): Promise<{ entries: AuditEntryRow[]; hasMore: boolean }> {
  let query = matching(db.selectFrom("audit_log").select(columns), filter);
  if (page.before !== undefined) query = query.where("id", "<", page.before);
  const rows = await query
    .orderBy("id", "desc")
    .limit(page.limit + 1)
    .execute();
  return { entries: rows.slice(0, page.limit), hasMore: rows.length > page.limit };
}

function matching<Row>(query: SelectQueryBuilder<Database, "audit_log", Row>, filter: AuditFilter) {
  let found = query;
  if (filter.actorType) found = found.where("actor_type", "=", filter.actorType);
  if (filter.actor !== undefined) found = found.where("actor", "=", filter.actor);
  if (filter.actions) found = found.where("action", "=", sql<string>`any(${filter.actions}::text[])`);
  if (filter.subject !== undefined) found = found.where("subject", "=", filter.subject);
  if (filter.withinMs !== undefined)
    found = found.where("at", ">", sql<Date>`now() - ${filter.withinMs}::float8 * interval '1 millisecond'`);
  return found;
}

/** One entry, or undefined. */
export async function findAuditEntry(db: Db, id: string): Promise<AuditEntryRow | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  return db.selectFrom("audit_log").select(columns).where("id", "=", id).executeTakeFirst();
}

/**
 * The actions and the actors that the log holds, by name. From one to the next by an index: a look-up for each, however long
 * the log is. A log that more than 500 people and keys wrote to names the first of them.
 */
export async function auditVocabulary(db: Db): Promise<{ actions: string[]; actors: string[] }> {
  const distinct = (column: "action" | "actor") => sql<string[]>`array(
    with recursive names as (
      (select ${sql.ref(column)} as name from audit_log order by ${sql.ref(column)} limit 1)
      union all
      select (select ${sql.ref(column)} from audit_log where ${sql.ref(column)} > names.name order by ${sql.ref(column)} limit 1)
      from names where names.name is not null
    ) select name from names where name is not null limit 500)`;
  return db
    .selectNoFrom([distinct("action").as("actions"), distinct("actor").as("actors")])
    .executeTakeFirstOrThrow();
}

/** E-mail addresses of operators and names of API keys by subject: `operator:…` tells nobody anything. */
export async function nameSubjects(
  db: Db,
  subjects: readonly (string | null)[],
): Promise<Map<string, string>> {
  const idsOf = (kind: string) =>
    subjects.flatMap((subject) => (subject?.startsWith(`${kind}:`) ? [subject.slice(kind.length + 1)] : []));
  const operators = idsOf("operator");
  const keys = idsOf("api_key");
  if (operators.length + keys.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; name: string }>`
    select 'operator:' || id as subject, email as name from operators where id::text = any(${operators}::text[])
    union all
    select 'api_key:' || id, name from api_keys where id::text = any(${keys}::text[])`.execute(db);
  return new Map(rows.map(({ subject, name }) => [subject, name]));
}
