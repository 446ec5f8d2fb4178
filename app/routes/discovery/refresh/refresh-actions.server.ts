import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { dailyCalls } from "#app/discovery/refresh/budget.ts";
import { freshnessCells } from "#app/discovery/refresh/freshness.server.ts";
import { saveRules } from "#app/discovery/refresh/rules.server.ts";
import { type Need, needs } from "#app/discovery/refresh/simulate.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { runScheduleNow } from "#app/queue/schedules.server.ts";
import { type RefreshRules, refreshRules } from "#app/works/refresh-rules.ts";

/** What rules would need, and the calls that they allow themselves. */
export interface Simulation {
  rules: RefreshRules;
  today: Need;
  tomorrow: Need;
  inAWeek: Need;
  budget: number;
}

interface Call {
  db: Db;
  config: Config;
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form of the refresh page asks for.
 *
 * @throws AppError UNKNOWN_INTENT (400) · BAD_RULES (422) · what `runScheduleNow` throws
 */
export async function runRefreshAction(
  { db, config, actor, requestId }: Call,
  form: FormData,
): Promise<{ message?: string; simulation?: Simulation }> {
  const intent = form.get("intent");
  if (intent === "run") {
    await db.transaction().execute(async (trx) => {
      await runScheduleNow(trx, "daily_refresh");
      await audit(trx, { actor, requestId, action: "schedule.run", subject: "schedule:daily_refresh" });
    });
    return { message: "The daily refresh is queued and starts as soon as a worker is free." };
  }
  if (intent !== "simulate" && intent !== "save-rules") throw unknownForm();
  const rules = readForm(form);
  if (intent === "simulate") return { simulation: await simulate(db, config, rules) };
  await db.transaction().execute(async (trx) => {
    await saveRules(trx, rules, actor.name);
    await audit(trx, { actor, requestId, action: "refresh_rules.change", details: rules });
  });
  return { message: "The rules are in force. Due dates follow within a minute." };
}

function readForm(form: FormData): RefreshRules {
  const read = refreshRules.safeParse(Object.fromEntries(form));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = String(issue?.path[0] ?? "");
  throw new AppError(
    "BAD_RULES",
    422,
    field === "settledDays" && issue?.code === "custom"
      ? "Each age must be above the one before it: new, then recent, then settled. Correct the days and try again."
      : "Ages are 1 to 3,650 days, waits 1 to 365 days and the share 0 to 100 %. Correct the field and try again.",
    { field, issues: z.flattenError(read.error).fieldErrors },
  );
}

async function simulate(db: Db, config: Config, rules: RefreshRules): Promise<Simulation> {
  const cells = await freshnessCells(db);
  return {
    rules,
    today: needs(rules, cells, 0),
    tomorrow: needs(rules, cells, 1),
    inAWeek: needs(rules, cells, 7),
    budget: dailyCalls(config.TMDB_RATE_LIMIT, rules.dailyShare),
  };
}
