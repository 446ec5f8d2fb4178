import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import { stopImport } from "#app/awards/imports/finish-import.server.ts";
import { startImport } from "#app/awards/imports/start-import.server.ts";
import { importUpload } from "#app/awards/imports/upload-page.server.ts";
import { changeList, findList, type MovieList, setActive } from "#app/awards/lists/lists.server.ts";
import { linkByHand, lookAgain, type TitlesOf } from "#app/awards/titles/decide-titles.server.ts";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { readListForm, readYears } from "#app/routes/lists/lists/read-list-form.ts";
import { formatQuantity } from "#app/ui/format.ts";
import { isOn } from "#app/upstreams/services.ts";

export interface Doing {
  db: Db;
  config: Config;
  actor: Actor;
  requestId: string | undefined;
}

const imdbId = z.string().regex(/^tt\d{5,10}$/);
const titleForms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("look-again"), imdbId: imdbId.optional() }),
  z.object({ intent: z.literal("link"), imdbId, work: z.string().max(500) }),
]);
const listForms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("import"), years: z.string().max(500).default("") }),
  z.object({ intent: z.literal("stop") }),
  z.object({ intent: z.literal("change") }),
  z.object({ intent: z.literal("put-aside") }),
  z.object({ intent: z.literal("take-up") }),
]);

/** Runs a form of a list's page. @returns what was done, in a sentence */
export async function runListAction(
  doing: Doing,
  listKey: string,
  form: FormData,
): Promise<{ message: string }> {
  const { db } = doing;
  const list = await findList(db, listKey);
  const asked = listForms.safeParse(Object.fromEntries(form));
  if (!asked.success) return runTitleAction(doing, { listId: list.id }, `list:${listKey}`, form);
  const { data } = asked;
  if (data.intent === "change") return change(doing, list, form);
  return db.transaction().execute(async (trx) => {
    const note = (action: string, details?: Record<string, unknown>) =>
      audit(trx, {
        actor: doing.actor,
        action,
        subject: `list:${listKey}`,
        ...(doing.requestId === undefined ? {} : { requestId: doing.requestId }),
        ...(details ? { details } : {}),
      });
    switch (data.intent) {
      case "import": {
        const years = readYears(data.years);
        await startImport(trx, list, { years, requestedBy: doing.actor.name });
        await note("list.import", { years });
        return { message: "The import is queued." };
      }
      case "stop": {
        if (!(await stopImport(trx, list.id, doing.actor.name)))
          throw new AppError("NOTHING_TO_STOP", 409, "No import of this list is under way any more.");
        await note("list.stop");
        return { message: "Stopped. What was stored stays." };
      }
      case "put-aside":
        await setActive(trx, listKey, false);
        await note("list.put_aside");
        return { message: "Put aside. Its titles stay, and it is not imported any more." };
      case "take-up":
        await setActive(trx, listKey, true);
        await note("list.take_up");
        return { message: "Taken up again." };
    }
  });
}

async function change(doing: Doing, list: MovieList, form: FormData): Promise<{ message: string }> {
  const settings = readListForm(form);
  await doing.db.transaction().execute(async (trx) => {
    await changeList(trx, list.sourceKey, settings);
    await audit(trx, {
      actor: doing.actor,
      action: "list.change",
      subject: `list:${list.sourceKey}`,
      ...(doing.requestId === undefined ? {} : { requestId: doing.requestId }),
      details: { sourceId: settings.source.sourceId, fetchWay: settings.fetchWay, years: settings.years },
    });
  });
  return { message: "The settings are changed." };
}

/** Runs a form about titles without a work, of a list or of an event. */
export async function runTitleAction(
  { db, config, actor, requestId }: Doing,
  of: TitlesOf,
  subject: string,
  form: FormData,
): Promise<{ message: string }> {
  const asked = titleForms.safeParse(Object.fromEntries(form));
  if (!asked.success) throw unknownForm();
  const { data } = asked;
  const entry = { actor, subject, ...(requestId === undefined ? {} : { requestId }) };
  return db.transaction().execute(async (trx) => {
    if (data.intent === "link") {
      const { workId, title } = await linkByHand(trx, data.imdbId, data.work);
      await audit(trx, { ...entry, action: "list.link", details: { imdbId: data.imdbId, workId } });
      return { message: `Linked to ${title}.` };
    }
    if (!isOn("tmdb", config))
      throw new AppError("UPSTREAM_OFF", 503, "TMDB is off. Set TMDB_API_KEY and restart, then look again.");
    const titles = await lookAgain(trx, of, data.imdbId);
    await audit(trx, { ...entry, action: "list.look_again", details: { titles } });
    return { message: `${formatQuantity(titles, "title")} ${titles === 1 ? "is" : "are"} looked for.` };
  });
}

/** Imports an uploaded page or export of a list. */
export async function runUpload(
  { db, config, actor, requestId }: Doing,
  listKey: string,
  file: { name: string; bytes: Uint8Array },
): Promise<{ message: string }> {
  const list = await findList(db, listKey);
  const done = await importUpload(
    { db, isTmdbOn: isOn("tmdb", config) },
    list,
    { ...file, requestedBy: actor.name },
    (trx, importId) =>
      audit(trx, {
        actor,
        action: "list.upload",
        subject: `list:${listKey}`,
        ...(requestId === undefined ? {} : { requestId }),
        details: { importId, bytes: file.bytes.byteLength },
      }),
  );
  return {
    message: `${formatQuantity(done.found, list.sourceType === "imdb" ? "title" : "nomination")} read, ${done.added} of them new.`,
  };
}
