import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { acceptNone, fetchAgain } from "#app/quotes/ask-again.server.ts";
import { addQuote, deleteQuote, editQuote } from "#app/quotes/hand-quotes.server.ts";
import { findWork } from "#app/works/work-detail.server.ts";

const quoteId = z.string().regex(/^\d{1,18}$/);
/** A form without its field is an empty quote, which is refused with a sentence of its own. */
const text = z.string().default("");
const forms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("fetch-quotes") }),
  z.object({ intent: z.literal("accept-no-quotes") }),
  z.object({ intent: z.literal("add-quote"), text }),
  z.object({ intent: z.literal("edit-quote"), quoteId, text }),
  z.object({ intent: z.literal("delete-quote"), quoteId }),
]);
type Form = z.infer<typeof forms>;

interface Call extends Pick<AppContext, "db" | "config"> {
  workId: string;
  actor: Actor;
  requestId: string;
}

/** Whether a form of the work's page is about its quotes. */
export const isAboutQuotes = (sent: FormData): boolean => /quote/.test(String(sent.get("intent")));

/**
 * Does what a form about a work's quotes asks for, in one transaction with its entry in the audit log.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT (400) · WORK_NOT_FOUND, QUOTE_NOT_FOUND (404) · QUOTE_EMPTY (422) · QUOTE_EXISTS,
 *   UPSTREAM_OFF, NO_IMDB_ID, NOT_SUSPICIOUS (409)
 */
export async function runQuoteAction(call: Call, sent: FormData): Promise<{ message: string }> {
  const asked = forms.safeParse(Object.fromEntries(sent));
  if (!asked.success) throw unknownForm();
  const { workId } = await findWork(call.db, call.workId);
  return call.db.transaction().execute((trx) => carryOut(trx, { ...call, workId }, asked.data));
}

async function carryOut(trx: Db, call: Call, form: Form): Promise<{ message: string }> {
  const { workId, actor, requestId } = call;
  const by = { actor, requestId, subject: `work:${workId}` };
  switch (form.intent) {
    case "fetch-quotes":
      await fetchAgain(trx, call.config, workId);
      await audit(trx, { ...by, action: "quotes.fetch" });
      return { message: "Quotes are on their way. This page changes when they arrive." };
    case "accept-no-quotes":
      await acceptNone(trx, workId);
      await audit(trx, { ...by, action: "quotes.accept_none" });
      return { message: "Accepted. What stands here stays." };
    case "add-quote": {
      const added = await addQuote(trx, workId, form.text);
      await audit(trx, { ...by, action: "quote.add", details: { quoteId: added } });
      return { message: "The quote is added." };
    }
    case "edit-quote": {
      const isChanged = await editQuote(trx, workId, form.quoteId, form.text);
      if (!isChanged) return { message: "Nothing was changed." };
      await audit(trx, { ...by, action: "quote.edit", details: { quoteId: form.quoteId } });
      return { message: "The quote is changed." };
    }
    case "delete-quote":
      await deleteQuote(trx, workId, form.quoteId);
      await audit(trx, { ...by, action: "quote.delete", details: { quoteId: form.quoteId } });
      return { message: "The quote is deleted." };
  }
}
