import type { FormEvent } from "react";
import {
  type ActionFunctionArgs,
  type ClientActionFunctionArgs,
  data,
  isRouteErrorResponse,
  redirect,
  useActionData,
  useFetcher,
  useLoaderData,
} from "react-router";
import { appContext } from "#app/context.server.ts";
import { adapters, sources } from "#app/imports/sources/registry.ts";
import { readUpload } from "#app/imports/upload.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { formError } from "#app/middleware/error-body.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";
import { rateWords } from "#app/routes/imports/estimate-of.server.ts";
import { CheckStep } from "#app/routes/imports/new/check-step.tsx";
import { FileStep } from "#app/routes/imports/new/file-step.tsx";
import classes from "#app/routes/imports/new/new.module.css";
import { OptionsStep } from "#app/routes/imports/new/options-step.tsx";
import { startImport } from "#app/routes/imports/new/start-import.server.ts";
import { type FileCheck, unreachable, useFileCheck } from "#app/routes/imports/new/use-file-check.ts";
import { readAnswer } from "#app/ui/action-answer.ts";
import { Page } from "#app/ui/page.tsx";
import { isOn, offSentence } from "#app/upstreams/services.ts";

export const loader = door(async () => {
  const { db, config } = appContext();
  return {
    maxBytes: config.IMPORT_MAX_BYTES,
    formats: adapters.map(({ id, label }) => ({ id, label })),
    sources: Object.entries(sources).flatMap(([id, { label, formats }]) =>
      id !== "template" && formats.length > 0 ? [label] : [],
    ),
    target: config.CATALOGUE_URL
      ? `the catalogue at ${new URL(config.CATALOGUE_URL).host}`
      : "built-in catalogue",
    lookUps: {
      off: isOn("tmdb", config) ? null : offSentence("tmdb"),
      ...config.TMDB_RATE_LIMIT,
      rate: rateWords(config.TMDB_RATE_LIMIT),
    },
    isWorkerAlive: await isAnyWorkerAlive(db),
  };
});

export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const app = appContext();
  const actor = requireActor(context);
  const upload = await readUpload(request, app.config.IMPORT_MAX_BYTES);
  const jobId = await startImport(app, upload, { actor, requestId: context.get(requestIdContext) });
  throw redirect(`/imports/${jobId}`);
});

/**
 * A refusal before the action, or no answer at all, must not cost the chosen file: both become data for the form, with
 * their status, so that no loader runs again and leads away from the page.
 */
export async function clientAction({ serverAction }: ClientActionFunctionArgs) {
  try {
    return await serverAction<typeof action>();
  } catch (error) {
    if (isRouteErrorResponse(error)) {
      const refused = readAnswer(error.data).error;
      if (refused) return data({ error: refused }, { status: error.status });
    }
    // What `fetch` throws when no answer came.
    if (error instanceof TypeError) return data({ error: unreachable }, { status: 503 });
    throw error;
  }
}

export default function NewImport() {
  const { maxBytes, formats, sources, target, lookUps, isWorkerAlive } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const answered = useActionData<typeof action>();
  const checked = useFileCheck(maxBytes);
  const starting = fetcher.state !== "idle";
  const start = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = startForm(event.currentTarget, checked);
    if (form && !starting) fetcher.submit(form, { method: "post", encType: "multipart/form-data" });
  };
  return (
    <Page title="New import" back={{ to: "/imports", label: "Imports" }}>
      <fetcher.Form method="post" encType="multipart/form-data" onSubmit={start}>
        <div className={classes.steps}>
          <FileStep
            maxBytes={maxBytes}
            sources={sources}
            onChoose={checked.choose}
            onRefuse={checked.refuse}
          />
          <CheckStep checked={checked} formats={formats} />
          <OptionsStep
            check={checked.check}
            target={target}
            lookUps={lookUps}
            isWorkerAlive={isWorkerAlive}
            starting={starting}
            error={starting ? undefined : formError(fetcher.data ?? answered)}
          />
        </div>
      </fetcher.Form>
    </Page>
  );
}

/**
 * What is sent: the bytes that were checked, read exactly as they were then. Two presses carry the same key, so that they
 * start one import; other options are another request and have another key.
 */
function startForm(element: HTMLFormElement, { file, check, options }: FileCheck): FormData | null {
  if (file === null || check.state !== "checked") return null;
  const { report, key } = check;
  const form = new FormData(element);
  const chosen = ["skipDuplicates", "dryRun"].map((name) => (form.has(name) ? "1" : "0")).join("");
  form.set("format", report.format);
  form.set("encoding", report.encoding);
  form.set("delimiter", report.delimiter);
  form.set("dateOrder", report.choices.dateOrder?.chosen ?? "");
  form.set("profile", options.profile);
  form.set("repairs", check.repair?.plan?.job.id ?? "no");
  form.set("idempotencyKey", `${key}-${chosen}`);
  form.set("file", file);
  return form;
}
