import type { z } from "zod";
import { answerOnce } from "#app/accounts/answer-once.server.ts";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import type { DoorArgs } from "#app/routes/api/by-method.ts";
import { idempotencyKeyOf } from "#app/routes/api/idempotency-key.ts";
import { recordsQuery } from "#app/routes/api/media-requests.ts";
import { readInput } from "#app/routes/api/read-input.ts";
import { readJson } from "#app/routes/api/read-json.server.ts";

/** The doors of `/movies` and `/shows`: the same but for what they read and write. */

type Page = { limit: number; cursor?: string | undefined };

/**
 * A list door. A bare list of the newest by default, which is what callers of such catalogues expect; pages where the
 * request asks for them, since a bare list cannot say that it ends early.
 */
export async function listRecords<Record>(
  { url }: DoorArgs,
  list: (db: Db, page: Page) => Promise<{ records: Record[]; nextCursor: string | null }>,
): Promise<Response> {
  const query = readInput(recordsQuery, url.searchParams, "query");
  const { records, nextCursor } = await list(appContext().db, query);
  // Relative: behind a proxy or under another name, the caller's own address is the right one.
  const next = nextCursor && `?${new URLSearchParams({ cursor: nextCursor, limit: String(query.limit) })}`;
  if (query.page || query.cursor) return Response.json({ data: records, links: { next } });
  return Response.json(records, next ? { headers: { link: `<${next}>; rel="next"` } } : undefined);
}

/**
 * A door that writes one record: reads the body, carries it out once per Idempotency-Key, and writes it down in the audit
 * log.
 */
export async function writeRecord<Schema extends z.ZodObject>(
  { request, url, context }: DoorArgs,
  door: {
    schema: Schema;
    status: 200 | 201;
    /** As the audit log names it: `movie.create`. */
    action: string;
    write: (trx: Db, record: z.output<Schema>) => Promise<{ id: number }>;
  },
): Promise<Response> {
  const actor = requireActor(context);
  const key = idempotencyKeyOf(request);
  const { record, body } = await readJson(door.schema, request);
  const once = { actor, key, target: `${request.method} ${url.pathname}`, body };
  const answer = await answerOnce(appContext().db, once, async (trx) => {
    const written = await door.write(trx, record);
    await audit(trx, {
      actor,
      action: door.action,
      subject: `record:${written.id}`,
      requestId: context.get(requestIdContext),
    });
    return { status: door.status, body: written };
  });
  return Response.json(answer.body, { status: answer.status });
}
