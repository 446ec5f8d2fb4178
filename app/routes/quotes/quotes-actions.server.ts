import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { AppContext } from "#app/context.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { acceptNone, fetchAgain, fetchMany } from "#app/quotes/ask-again.server.ts";
import { chosenFilms, readQuotesView } from "#app/routes/quotes/quotes-view.ts";
import { formatQuantity } from "#app/ui/format.ts";

const work = z.string().regex(/^\d{1,18}$/);
const forms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("fetch-many"), state: z.string(), q: z.string() }),
  z.object({ intent: z.literal("fetch-one"), work }),
  z.object({ intent: z.literal("accept-none"), work }),
]);

interface Call extends Pick<AppContext, "db" | "config"> {
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form of the page of quotes asks for, in one transaction with its entry in the audit log.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT (400) · UPSTREAM_OFF, NO_IMDB_ID, NOT_SUSPICIOUS (409)
 */
export async function runQuotesAction(call: Call, sent: FormData): Promise<{ message: string }> {
  const { db, config, actor, requestId } = call;
  const asked = forms.safeParse(Object.fromEntries(sent));
  if (!asked.success) throw unknownForm();
  const form = asked.data;
  return db.transaction().execute(async (trx) => {
    const by = { actor, requestId };
    switch (form.intent) {
      case "fetch-one": {
        await fetchAgain(trx, config, form.work);
        await audit(trx, { ...by, action: "quotes.fetch", subject: `work:${form.work}` });
        return { message: "Its quotes are on their way." };
      }
      case "accept-none": {
        await acceptNone(trx, form.work);
        await audit(trx, { ...by, action: "quotes.accept_none", subject: `work:${form.work}` });
        return { message: "Accepted. What stands here stays." };
      }
      case "fetch-many": {
        const chosen = chosenFilms(readQuotesView(new URLSearchParams({ state: form.state, q: form.q })));
        const films = await fetchMany(trx, config, chosen);
        await audit(trx, {
          ...by,
          action: "quotes.fetch_many",
          details: { films, statuses: chosen.statuses },
        });
        return {
          message:
            films === 0
              ? "No film was left to queue: they wait already."
              : `${formatQuantity(films, "film")} ${films === 1 ? "waits" : "wait"} for quotes now.`,
        };
      }
    }
  });
}
