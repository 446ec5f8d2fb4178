import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { previewDiscovery } from "#app/discovery/discover/discover.server.ts";
import { discoveryParameters } from "#app/discovery/discover/parameters.ts";
import { excludeTitles, includeTitle } from "#app/discovery/excluded/excluded-titles.server.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";

const tmdbId = z.coerce.number().int().min(1).max(2_147_483_647);

const forms = z.discriminatedUnion("intent", [
  discoveryParameters.safeExtend({ intent: z.literal("preview") }),
  discoveryParameters.safeExtend({ intent: z.literal("run") }),
  z.object({
    intent: z.literal("exclude"),
    tmdbId,
    title: z.string().trim().min(1).max(500),
    year: z.coerce.number().int().optional(),
    reason: z.string().trim().max(300).default(""),
  }),
  z.object({ intent: z.literal("include"), mediaType: z.enum(["movie", "tv"]), tmdbId }),
]);

export type Preview = Awaited<ReturnType<typeof previewDiscovery>>;

interface Call {
  db: Db;
  config: Config;
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form of the discovery page asks for. A preview changes nothing and is answered with what a run would take.
 *
 * @throws AppError UNKNOWN_INTENT (400) · BAD_PARAMETERS (422) · what TMDB's client throws, as a sentence
 */
export async function runDiscoveryAction(
  call: Call,
  form: FormData,
): Promise<{ message?: string; preview?: Preview }> {
  const read = forms.safeParse(Object.fromEntries(form));
  if (!read.success) throw badForm(read.error);
  if (read.data.intent === "preview") return { preview: await preview(call, read.data) };
  return { message: await change(call, read.data) };
}

/** People wait for it: what TMDB does not give comes as a sentence instead of being tried for minutes. */
async function preview(call: Call, asked: Parameters<typeof previewDiscovery>[1]): Promise<Preview> {
  try {
    return await previewDiscovery(call, asked);
  } catch (error) {
    if (error instanceof UpstreamError || error instanceof UpstreamPaused)
      throw new AppError(
        "NO_PREVIEW",
        503,
        `${error.message} Try the preview again in a moment.`,
        undefined,
        {
          cause: error,
        },
      );
    throw error;
  }
}

type Change = Exclude<z.infer<typeof forms>, { intent: "preview" }>;

function change({ db, actor, requestId }: Call, form: Change): Promise<string> {
  return db.transaction().execute(async (trx) => {
    switch (form.intent) {
      case "run": {
        const { intent: _intent, ...asked } = form;
        const payload = { ...asked, triggerType: "manual" as const };
        await enqueue(trx, "discover_movies", payload);
        await audit(trx, { actor, requestId, action: "discovery.run", details: payload });
        return "The run is queued and stands in the list as soon as a worker begins.";
      }
      case "exclude": {
        const { title, year = null, reason } = form;
        await excludeTitles(trx, [{ mediaType: "movie", tmdbId: form.tmdbId, title, year }], {
          by: actor.name,
          reason: reason || null,
        });
        await audit(trx, {
          actor,
          requestId,
          action: "discovery.exclude",
          subject: `tmdb:movie/${form.tmdbId}`,
        });
        return `${title} is not taken by discovery any more.`;
      }
      case "include": {
        const was = await includeTitle(trx, form);
        const subject = `tmdb:${form.mediaType}/${form.tmdbId}`;
        if (was) await audit(trx, { actor, requestId, action: "discovery.include", subject });
        return was ? "Discovery may take it again." : "Somebody else has allowed it already.";
      }
    }
  });
}

function badForm(error: z.ZodError): AppError {
  const fields = error.issues.map(({ path }) => String(path[0] ?? ""));
  if (fields.some((field) => field === "maxPages" || field === "maxMovies" || field === "source"))
    return new AppError(
      "BAD_PARAMETERS",
      422,
      "A run reads 1 to 5 pages of each list and takes 1 to 300 films. Correct the numbers and try again.",
      { fields },
    );
  return unknownForm();
}
