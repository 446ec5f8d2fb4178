import { appContext } from "#app/context.server.ts";
import { type Readiness, readiness } from "#app/queue/readiness.server.ts";
import { byMethod } from "#app/routes/api/by-method.ts";

const methods = byMethod({ GET: ready });
export const loader = methods;
export const action = methods;

/** Anybody may ask, so questions that come together share one answer. */
let asking: Promise<Readiness> | null = null;

/** `GET /readyz`: 503 names what is not ready. */
async function ready(): Promise<Response> {
  asking ??= readiness(appContext()).finally(() => {
    asking = null;
  });
  const checks = await asking;
  const missing = Object.entries(checks).filter(([, state]) => state !== "ok");
  if (missing.length === 0) return Response.json({ status: "ready", checks });
  return Response.json(
    {
      status: "not ready",
      checks,
      error: {
        code: "NOT_READY",
        message: missing.map(([, state]) => state).join(" "),
        details: { missing: missing.map(([name]) => name) },
      },
    },
    { status: 503, headers: { "retry-after": "5" } },
  );
}
