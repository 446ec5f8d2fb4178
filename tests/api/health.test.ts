import { describe, expect, test } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { registerWorker } from "#app/queue/workers.server.ts";
import { changeApp } from "#tests/accounts/app.ts";
import { startWebApp } from "#tests/api/web-app.ts";
import { emptyTestDatabase } from "#tests/setup/database.ts";

const app = await startWebApp();
const ready = async () => {
  const response = await fetch(`${app.origin}/readyz`);
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    body: await response.json(),
  };
};

describe("health", () => {
  test("/healthz says alive to anybody, also while the database is away", async () => {
    const away = createDatabase("postgres://nobody@127.0.0.1:1/none");
    changeApp({ ...app, db: away.db, pool: away.pool }, app.config, {});
    const response = await fetch(`${app.origin}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: "alive" }]);
    const { status, body } = await ready();
    expect([status, body.error.details.missing]).toEqual([503, ["database", "migrated", "worker"]]);
    expect(JSON.stringify(body)).not.toMatch(/nobody|127\.0\.0\.1|ECONN/);
    changeApp(app, app.config, {});
    await away.close();
  });

  test("/readyz names a database that is not migrated", async () => {
    const { url } = await emptyTestDatabase();
    const empty = createDatabase(url);
    changeApp({ ...app, db: empty.db, pool: empty.pool }, app.config, { DATABASE_URL: url });
    const { status, body } = await ready();
    changeApp(app, app.config, {});
    await empty.close();
    expect([status, body.error.details.missing]).toEqual([503, ["migrated", "worker"]]);
  });

  test("/readyz waits for a worker, and for one that was heard of in the last minute", async () => {
    expect(await ready()).toMatchObject({
      status: 503,
      retryAfter: "5",
      body: {
        status: "not ready",
        checks: { database: "ok", migrated: "ok" },
        error: { details: { missing: ["worker"] } },
      },
    });
    await registerWorker(app.db, { id: "one", version: "0.1.0", concurrency: 1 });
    expect(await ready()).toMatchObject({ status: 200, body: { status: "ready", checks: { worker: "ok" } } });
    await app.pool.query("update workers set heartbeat_at = now() - interval '61 seconds'");
    expect(await ready()).toMatchObject({ status: 503 });
  });
});
