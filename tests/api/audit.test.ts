import { RouterContextProvider } from "react-router";
import { beforeEach, describe, expect, test } from "vitest";
import { findAuditEntry, listAuditEntries } from "#app/accounts/audit-log.server.ts";
import { sessionCookieHeader } from "#app/accounts/session-of-request.server.ts";
import { createSession, findSession } from "#app/accounts/sessions.server.ts";
import { actorContext, operatorContext, requestIdContext } from "#app/middleware/request-context.server.ts";
import { runImportAction } from "#app/routes/imports/show/import-actions.server.ts";
import { runSettingsAction } from "#app/routes/settings/actions.server.ts";
import { loadAudit } from "#app/routes/settings/audit/load-audit.server.ts";
import { action as signOut } from "#app/routes/sign-out.tsx";
import { cookieOf } from "#tests/accounts/app.ts";
import { csv, csvFile, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const { rows: sessions } = await app.pool.query("select encode(token_hash, 'hex') as id from sessions");
const anna = { id: app.operatorId, email: "anna@example.org", sessionId: String(sessions[0].id) };
const actor = { type: "operator", id: anna.id, name: anna.email } as const;

beforeEach(async () => {
  await app.pool.query("truncate audit_log");
});

const log = async () => (await listAuditEntries(app.db, {}, { limit: 100 })).entries;

describe("A-04 what a machine does is written down", () => {
  const FILE = csv("2024-02-08,The Matrix,1999,x", "nonsense,Heat,1995,x");

  test("an import, its retry and its cancellation, each with the id of its request", async () => {
    const created = await app.upload(csvFile(FILE), {}, { headers: { "idempotency-key": "one" } });
    const { jobId } = (await created.json()) as { jobId: string };
    // The same upload again makes nothing, and is no deed.
    await app.upload(csvFile(FILE), {}, { headers: { "idempotency-key": "one" } });
    const cancelled = await app.call(`/bulk-import/jobs/${jobId}/cancel`, { method: "POST" });
    const retried = await app.call(`/bulk-import/jobs/${jobId}/retry-failed`, { method: "POST" });
    const entries = await log();
    expect(entries.map(({ action }) => action)).toEqual(["import.retry", "import.cancel", "import.create"]);
    expect(entries.map(({ requestId }) => requestId)).toEqual(
      [retried, cancelled, created].map((response) => response.headers.get("x-request-id")),
    );
    for (const entry of entries)
      expect(entry).toMatchObject({ actorType: "api_key", actor: "script", subject: `import:${jobId}` });
  });

  test("what was refused is no deed", async () => {
    await app.call("/bulk-import/jobs/00000000-0000-4000-8000-000000000000/cancel", { method: "POST" });
    await app.call("/movies/999999/", { method: "PATCH", body: "{}" });
    expect(await log()).toEqual([]);
  });

  test("records made and changed", async () => {
    const send = (path: string, method: string, body: object) =>
      app.call(path, {
        method,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
    const movie = await send("/movies", "POST", { title: "Quiet Harbor", date: "2024-02-08" });
    expect(movie.status).toBe(201);
    const { id } = (await movie.json()) as { id: number };
    expect((await send(`/movies/${id}`, "PATCH", { title: "Quiet Harbour" })).status).toBe(200);
    expect((await log()).map(({ action, subject }) => [action, subject])).toEqual([
      ["movie.change", `record:${id}`],
      ["movie.create", `record:${id}`],
    ]);
  });
});

describe("A-04 what an operator does is written down", () => {
  const context = () => {
    const provider = new RouterContextProvider();
    provider.set(operatorContext, anna);
    provider.set(requestIdContext, "request-1");
    return provider;
  };
  const settings = (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return runSettingsAction(fields.intent ?? "", form, context());
  };

  test("in the settings: keys, operators, sessions", async () => {
    await settings({ intent: "create-api-key", name: "cron" });
    const { rows } = await app.pool.query("select id from api_keys where name = 'cron'");
    await settings({ intent: "revoke-api-key", key: rows[0].id });
    await settings({ intent: "add-operator", email: "bert@example.org", password: "tr0mbone-Lagoon" });
    const bert = await app.pool.query("select id from operators where email = 'bert@example.org'");
    await settings({ intent: "disable-operator", operator: bert.rows[0].id });
    await settings({ intent: "enable-operator", operator: bert.rows[0].id });
    await settings({ intent: "change-password", current: "tr0mbone-Lagoon", next: "Lagoon-tr0mbone" });
    await settings({ intent: "revoke-other-sessions" });
    const entries = await log();
    expect(entries.map(({ action }) => action).toReversed()).toEqual([
      "api_key.create",
      "api_key.revoke",
      "operator.create",
      "operator.disable",
      "operator.enable",
      "operator.change_password",
      "session.revoke",
    ]);
    for (const entry of entries) expect(entry.requestId).toBe("request-1");
    expect(JSON.stringify(entries)).not.toMatch(/tr0mbone/);
  });

  test("on an import's page, the real run after a dry run included", async () => {
    const response = await app.upload(csvFile(csv("2024-02-08,Heat,1995,y", "x,Ran,1985,z")), {
      dryRun: "true",
    });
    const { jobId } = (await response.json()) as { jobId: string };
    const call = { db: app.db, jobId, actor, requestId: "request-2" };
    const press = (fields: Record<string, string>) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      return runImportAction(call, form);
    };
    await press({ intent: "cancel" });
    await press({ intent: "continue" });
    // A redirect to the new import; pressed twice it starts one.
    await press({ intent: "import-for-real" }).catch((thrown) => expect(thrown).toBeInstanceOf(Response));
    await press({ intent: "import-for-real" }).catch((thrown) => expect(thrown).toBeInstanceOf(Response));
    const entries = await log();
    expect(entries.map(({ action, actorType }) => [action, actorType])).toEqual([
      ["import.create", "operator"],
      ["import.continue", "operator"],
      ["import.cancel", "operator"],
      ["import.create", "api_key"],
    ]);
    expect(entries[0]).toMatchObject({
      requestId: "request-2",
      details: { dryRun: false, dryRunBefore: jobId },
    });
  });

  test("a deed that fails leaves no entry", async () => {
    await expect(
      runImportAction(
        { db: app.db, jobId: "00000000-0000-4000-8000-000000000000", actor, requestId: "r" },
        (() => {
          const form = new FormData();
          form.set("intent", "cancel");
          return form;
        })(),
      ),
    ).rejects.toMatchObject({ status: 404 });
    await expect(settings({ intent: "revoke-session", session: "ab".repeat(32) })).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
    expect(await log()).toEqual([]);
  });

  test("signing out, once", async () => {
    const token = await createSession(app.db, {
      operatorId: anna.id,
      userAgent: null,
      clientAddress: null,
    });
    const request = new Request(`${app.origin}/sign-out`, { method: "POST" });
    request.headers.set("cookie", cookieOf(sessionCookieHeader(request, token)));
    const signedIn = context();
    signedIn.set(actorContext, actor);
    const args = { request, context: signedIn, params: {}, url: new URL(request.url), pattern: "/sign-out" };
    await expect(signOut(args)).rejects.toBeInstanceOf(Response);
    expect(await log()).toMatchObject([
      { action: "session.end", actor: anna.email, subject: `operator:${anna.id}`, requestId: "request-1" },
    ]);
    expect(await findSession(app.db, token)).toBeNull();
  });
});

describe("A-04 the audit log is read", () => {
  beforeEach(async () => {
    await app.pool.query(
      `insert into audit_log (at, actor_type, actor, action, subject, details, request_id)
       select now() - n * interval '1 hour', (array['operator', 'api_key', 'system'])[1 + n % 3],
         (array['anna@example.org', 'script', 'first run'])[1 + n % 3],
         (array['import.cancel', 'movie.create', 'operator.create', 'queue.pause'])[1 + n % 4],
         (array['import:1', 'record:2', 'operator:' || $1, 'task:refresh_work'])[1 + n % 4], '{"n": 1}', 'r' || n
       from generate_series(1, 120) as n`,
      [app.operatorId],
    );
  });
  const load = (search: string) => loadAudit(app.db, new URLSearchParams(search));

  test("page by page, newest first, without a gap or a repetition", async () => {
    const seen: string[] = [];
    let cursor: string | null = "";
    let pages = 0;
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof load>> = await load(cursor ? `cursor=${cursor}` : "");
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.nextCursor;
      pages += 1;
    }
    expect([seen.length, new Set(seen).size, pages]).toEqual([120, 120, 3]);
    expect(seen).toEqual(seen.toSorted((a, b) => Number(b) - Number(a)));
  });

  test.each<
    [
      string,
      number,
      (entry: { action: string; actor: string; actorType: string; subject: string | null }) => boolean,
    ]
  >([
    ["by=api_key", 40, ({ actorType }) => actorType === "api_key"],
    ["actor=script", 40, ({ actor: who }) => who === "script"],
    ["area=imports", 30, ({ action }) => action.startsWith("import.")],
    ["area=access", 30, ({ action }) => action === "operator.create"],
    ["action=queue.pause", 30, ({ action }) => action === "queue.pause"],
    ["subject=import:1", 30, ({ subject }) => subject === "import:1"],
    ["since=24h", 23, () => true],
    ["area=upstreams", 0, () => true],
    ["by=nobody&since=never&area=x", 50, () => true],
    ["actor=%00'; drop table audit_log", 0, () => true],
  ])("filtered by %s", async (search, count, fits) => {
    const { entries } = await load(search.replace("%00", ""));
    expect(entries.length).toBe(Math.min(count, 50));
    expect(entries.every(fits)).toBe(true);
  });

  test("knows which actions and people there are, and what an operator is called", async () => {
    const { vocabulary, entries } = await load("");
    expect(vocabulary).toEqual({
      actions: ["import.cancel", "movie.create", "operator.create", "queue.pause"],
      actors: ["anna@example.org", "first run", "script"],
    });
    expect(entries.find(({ action }) => action === "operator.create")?.subjectName).toBe("anna@example.org");
  });

  test("one entry is found by its id, and nothing by nonsense", async () => {
    const [first] = await log();
    expect((await load(`entry=${first!.id}`)).opened).toMatchObject({ requestId: first!.requestId });
    for (const id of ["", "x", "9".repeat(30), "999999999"])
      expect(await findAuditEntry(app.db, id)).toBeUndefined();
  });

  test("is exported as the filter says, and only to operators", async () => {
    const response = await app.browse("/settings/audit.csv?area=imports");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="audit-log.csv"');
    const lines = (await response.text()).trimEnd().split("\r\n");
    expect(lines[0]).toBe("at,who_kind,who,action,what,to_what,details,request_id");
    expect(lines.length).toBe(31);
    expect(lines[1]).toContain("import.cancel,Import cancelled,import:1");
    const nobody = await fetch(`${app.origin}/settings/audit.csv`, { redirect: "manual" });
    expect(nobody.status).toBe(302);
    expect((await app.call("/settings/audit.csv", { redirect: "manual" })).status).toBe(302);
  });

  test("goes by its indexes, however long it is", async () => {
    await app.pool.query(
      `insert into audit_log (at, actor_type, actor, action, subject)
       select now() - n * interval '1 minute', 'operator', 'anna@example.org', 'import.cancel', 'import:' || n
       from generate_series(1, 30000) as n`,
    );
    await app.pool.query("vacuum analyze audit_log");
    const plan = async (run: () => { sql: string; parameters: readonly unknown[] }) => {
      const { sql, parameters } = run();
      const { rows } = await app.pool.query(`explain ${sql}`, [...parameters]);
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    };
    const queries = [
      app.db.selectFrom("audit_log").selectAll().where("actor", "=", "script"),
      app.db.selectFrom("audit_log").selectAll().where("action", "=", "queue.pause"),
      app.db.selectFrom("audit_log").selectAll().where("subject", "=", "import:77"),
      app.db.selectFrom("audit_log").selectAll(),
    ];
    for (const query of queries)
      expect(await plan(() => query.orderBy("id", "desc").limit(51).compile())).not.toContain("Seq Scan");
  });
});
