import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "#app/db/client.server.ts";
import { SERVICES } from "#app/upstreams/services.ts";

/** What the audit log calls a test of a connection. */
export const TEST_ACTION = "upstream.test";

export function testSubject(service: string): string {
  return `upstream:${service}`;
}

/** What is kept of a test beside who made it and when. */
const details = z.object({ ok: z.boolean(), message: z.string() });

export interface LastTest {
  at: Date;
  by: string;
  ok: boolean;
  message: string;
}

/** The last test of each service's connection, by service, out of the audit log. */
export async function lastTests(db: Db): Promise<Map<string, LastTest>> {
  const { rows } = await sql<{ service: string; at: Date; actor: string; details: unknown }>`
    select s.service, t.at, t.actor, t.details
    from unnest(${sql.val(SERVICES)}::text[]) as s(service)
    cross join lateral (
      select at, actor, details from audit_log
      where action = ${TEST_ACTION} and subject = ${testSubject("")} || s.service
      order by at desc limit 1) as t`.execute(db);
  return new Map(
    rows.flatMap(({ service, at, actor, details: raw }) => {
      const read = details.safeParse(raw);
      return read.success ? [[service, { at, by: actor, ...read.data }]] : [];
    }),
  );
}
