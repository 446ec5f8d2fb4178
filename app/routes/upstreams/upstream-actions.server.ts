import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { AppContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { TEST_ACTION, testSubject } from "#app/routes/upstreams/last-tests.server.ts";
import { resumeUpstream } from "#app/routes/upstreams/resume-upstream.server.ts";
import { formatQuantity } from "#app/ui/format.ts";
import { flushCache } from "#app/upstreams/flush-cache.server.ts";
import { SERVICES, type Service, serviceInfo } from "#app/upstreams/services.ts";
import { testConnection } from "#app/upstreams/test-connection.server.ts";

const asked = z.object({
  intent: z.enum(["test", "flush-cache", "close-circuit"]),
  service: z.enum(SERVICES),
});

interface Call extends Pick<AppContext, "db" | "config"> {
  service: Service;
  by: { actor: Actor; requestId: string };
}

const INTENTS: Record<z.infer<typeof asked>["intent"], (call: Call) => Promise<{ message: string }>> = {
  test: async ({ db, config, service, by }) => {
    const result = await testConnection({ db, config }, service);
    await audit(db, { ...by, action: TEST_ACTION, subject: testSubject(service), details: { ...result } });
    if (!result.ok) throw new AppError(result.code ?? "TEST_FAILED", 502, result.message);
    return { message: result.message };
  },
  "flush-cache": async ({ db, service, by }) => {
    const answers = await db.transaction().execute(async (trx) => {
      const forgotten = await flushCache(trx, service);
      const subject = `upstream:${service}`;
      await audit(trx, { ...by, action: "upstream.flush", subject, details: { answers: forgotten } });
      return forgotten;
    });
    const { label } = serviceInfo(service);
    return { message: `${formatQuantity(answers, "kept answer")} of ${label} forgotten.` };
  },
  "close-circuit": async ({ db, service, by }) => ({ message: await resumeUpstream({ db, ...by }, service) }),
};

/**
 * Does what a form of the upstreams page asks for.
 *
 * @throws AppError 400 `UNKNOWN_INTENT`; 502 with the fault's code when a test fails; 503 `UPSTREAM_OFF`
 */
export async function runUpstreamAction(
  form: FormData,
  call: Omit<Call, "service">,
): Promise<{ message: string }> {
  const read = asked.safeParse(Object.fromEntries(form));
  if (!read.success) throw unknownForm();
  return INTENTS[read.data.intent]({ ...call, service: read.data.service });
}
