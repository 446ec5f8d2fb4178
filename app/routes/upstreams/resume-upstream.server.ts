import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { closeCircuit, forgetCircuits } from "#app/upstreams/circuit.server.ts";
import { type Service, serviceInfo } from "#app/upstreams/services.ts";

/**
 * Closes a circuit by hand: the upstream is asked again.
 *
 * @returns the sentence for the operator
 * @throws AppError CIRCUIT_CLOSED (409) when it takes calls already
 */
export async function resumeUpstream(
  { db, actor, requestId }: { db: Db; actor: Actor; requestId: string },
  service: Service,
): Promise<string> {
  const { label } = serviceInfo(service);
  await db.transaction().execute(async (trx) => {
    if (!(await closeCircuit(trx, service)))
      throw new AppError("CIRCUIT_CLOSED", 409, `${label} takes calls again already.`);
    await audit(trx, { actor, requestId, action: "upstream.resume", subject: `upstream:${service}` });
  });
  forgetCircuits(db);
  return `${label} is asked again with the next call.`;
}
