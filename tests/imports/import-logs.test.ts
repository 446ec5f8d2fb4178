import { sql } from "kysely";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { loggableError } from "#app/loggable-error.ts";
import { logger } from "#app/logger.server.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db, pool } = await testDatabase();

/** The line that the product's logger would write. */
function lineOf(error: unknown): string {
  const lines: string[] = [];
  const serializers = { err: loggableError };
  pino({ level: "info", serializers }, { write: (line) => void lines.push(line) }).error({ err: error }, "x");
  return lines.join("");
}

describe("I-17 what reaches the log", () => {
  it("of an upstream's error: what happened, not its own words", () => {
    const error = new UpstreamError("catalogue", "REFUSED", { status: 422, said: "Amélie exists" });
    const line = lineOf(new Error("around it", { cause: error }));
    expect(line).toContain("refused the request");
    expect(line).not.toContain("Amélie");
    expect(Reflect.get(logger, pino.symbols.serializersSym)).toMatchObject({ err: loggableError });
  });

  it("of PostgreSQL's errors: code and constraint, not the values", async () => {
    await pool.query("alter table works add constraint no_title check (title <> 'Amélie')");
    const insert = db
      .insertInto("works")
      .values({ media_type: "movie", title: "Amélie", title_key: "amelie" });
    const refused = await insert.execute().catch((error: unknown) => error);
    expect(lineOf(refused)).toContain('"constraint":"no_title"');
    expect(lineOf(refused)).not.toMatch(/am.lie/i);
    const misread = await sql`select ${"Amélie"}::date`.execute(db).catch((error: unknown) => error);
    expect(lineOf(misread)).toContain("22007");
    expect(lineOf(misread)).not.toContain("Amélie");
  });
});
