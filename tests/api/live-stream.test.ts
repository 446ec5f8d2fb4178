import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findEndedSessions } from "#app/accounts/ended-sessions.server.ts";
import { sessionCookieHeader } from "#app/accounts/session-of-request.server.ts";
import { createSession, endSession, revokeSessions } from "#app/accounts/sessions.server.ts";
import { readChangedImports } from "#app/imports/changed-imports.server.ts";
import { cookieOf } from "#tests/accounts/app.ts";
import { csv, csvFile, errorOf, startWebApp } from "#tests/api/web-app.ts";

const ONE = randomUUID();
const app = await startWebApp();

describe("I-11 live updates of the app", () => {
  const open = (topic: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    app.browse(`/live?topic=${topic}`, { headers, ...(signal && { signal }) });

  /** Waits until the stream has said something, by reading it. */
  async function readUntil(response: Response, wanted: RegExp): Promise<string> {
    const source = response.body!.getReader();
    let text = "";
    while (!wanted.test(text)) {
      const { done, value } = await source.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    return text;
  }

  test("an upload is told to a browser that listens", async () => {
    const abort = new AbortController();
    const response = await open("imports", {}, abort.signal);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
    const told = readUntil(response, /event: changed/);
    await app.upload(csvFile(csv("2024-02-08,The Matrix,1999,x")));
    expect(await told).toMatch(/id: \d+\nevent: changed\ndata: imports\n\n/);
    abort.abort();
  });

  test("an operator's deed is told to a browser with the console open", async () => {
    const abort = new AbortController();
    const response = await open("console", {}, abort.signal);
    const told = readUntil(response, /event: changed/);
    await app.pool.query(
      "insert into audit_log (actor_type, actor, action) values ('operator', 'anna', 'queue.pause')",
    );
    expect(await told).toContain("data: console");
    abort.abort();
  });

  test("Last-Event-ID is answered at once", async () => {
    const abort = new AbortController();
    const response = await open(`import:${ONE}`, { "last-event-id": "1" }, abort.signal);
    expect(await readUntil(response, /event: changed/)).toContain(`data: import:${ONE}`);
    abort.abort();
  });

  test("unknown topics are refused; without a session it leads to sign-in", async () => {
    const unknown = await open("secrets");
    expect([unknown.status, (await errorOf(unknown)).code]).toEqual([400, "UNKNOWN_TOPIC"]);
    const nobody = await fetch(`${app.origin}/live?topic=imports`, { redirect: "manual" });
    expect([nobody.status, nobody.headers.get("location")]).toEqual([
      302,
      expect.stringMatching(/^\/sign-in/),
    ]);
  });

  test("changes are read with their age, and only those of the last minutes", async () => {
    await app.db.deleteFrom("import_jobs").execute();
    const insert = (age: string) =>
      app.pool.query(
        `insert into import_jobs (type, source, format, file_name, file_bytes, file_sha256, parse_options, columns, updated_at)
           values ('movies', 's', 'f', 'n', 1, 'x', '{}', '{}', now() - $1::interval) returning id`,
        [age],
      );
    const { rows } = await insert("10 seconds");
    await insert("10 minutes");
    const changes = await readChangedImports(app.db);
    expect(changes).toMatchObject([{ topic: `import:${rows[0].id}` }]);
    expect(changes[0]!.ageMs).toBeGreaterThanOrEqual(10_000);
  });

  test("sessions that ended are found: signed out, revoked, run out, operator disabled", async () => {
    const start = async () => {
      const token = await createSession(app.db, {
        operatorId: app.operatorId,
        userAgent: null,
        clientAddress: null,
      });
      const { rows } = await app.pool.query("select encode(sha256($1::bytea), 'hex') as id", [
        Buffer.from(token),
      ]);
      return { token, id: String(rows[0].id) };
    };
    const [kept, out, late] = [await start(), await start(), await start()];
    await endSession(app.db, out.token);
    await app.pool.query("update sessions set expires_at = now() where token_hash = decode($1, 'hex')", [
      late.id,
    ]);
    expect(await findEndedSessions(app.db, [kept.id, out.id, late.id])).toEqual(new Set([out.id, late.id]));
    await app.pool.query("update operators set disabled_at = now()");
    expect(await findEndedSessions(app.db, [kept.id])).toEqual(new Set([kept.id]));
    await app.pool.query("update operators set disabled_at = null");
    await revokeSessions(app.db, app.operatorId, kept.id);
    expect(await findEndedSessions(app.db, [kept.id])).toEqual(new Set());
  });

  test("a stop of the process ends open streams", async () => {
    const token = await createSession(app.db, {
      operatorId: app.operatorId,
      userAgent: null,
      clientAddress: null,
    });
    const cookie = cookieOf(sessionCookieHeader(new Request(app.origin), token));
    const response = await open("overview", { cookie });
    expect(response.status).toBe(200);
    const text = readUntil(response, /never/);
    await app.close();
    expect(await text).toContain(": listening");
  });
});
