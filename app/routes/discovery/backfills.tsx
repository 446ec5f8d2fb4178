import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
  useNavigate,
} from "react-router";
import { audit } from "#app/accounts/audit.server.ts";
import { appContext } from "#app/context.server.ts";
import { createBackfill, listBackfills } from "#app/discovery/backfill/backfills.server.ts";
import { countChosen, countLacking, listLacking } from "#app/discovery/backfill/choose-works.server.ts";
import { costOf } from "#app/discovery/backfill/cost.ts";
import {
  type BackfillField,
  backfillFields,
  backfillRequest,
  MOST_ROWS,
} from "#app/discovery/backfill/fields.ts";
import { AppError } from "#app/errors.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { actionDoor, door } from "#app/middleware/door.server.ts";
import { readForm } from "#app/middleware/read-form.server.ts";
import { requestIdContext, requireActor } from "#app/middleware/request-context.server.ts";
import { BackfillsTable } from "#app/routes/discovery/backfills/backfills-table.tsx";
import { FieldsTable } from "#app/routes/discovery/backfills/fields-table.tsx";
import { costText, StartBackfill } from "#app/routes/discovery/backfills/start-backfill.tsx";
import { WorksTable } from "#app/routes/discovery/backfills/works-table.tsx";
import { discoveryTabs } from "#app/routes/discovery/discovery-tabs.ts";
import { rateWords } from "#app/routes/imports/estimate-of.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatCount } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useLive } from "#app/ui/live.tsx";
import { NoWorker } from "#app/ui/no-worker.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import { isOn } from "#app/upstreams/services.ts";

const PAGE_SIZE = 50;
/** Counting what lacks passes over every work: a second and more for a million of them. */
const COUNTS_KEPT = { keepMs: 60_000, keepTimes: 100 };

function readChoice(search: URLSearchParams): { lacks: BackfillField[]; mediaType: "movie" | "tv" | null } {
  const wanted = (search.get("lacks") ?? "").split(",");
  const kind = search.get("kind");
  return {
    lacks: backfillFields.filter((field) => wanted.includes(field)),
    mediaType: kind === "movie" || kind === "tv" ? kind : null,
  };
}

export const loader = door(async ({ url }: LoaderFunctionArgs) => {
  const { db, config } = appContext();
  const { lacks, mediaType } = readChoice(url.searchParams);
  const cursor = url.searchParams.get("cursor") ?? "";
  const filter = { lacks, limit: MOST_ROWS, ...(mediaType ? { mediaType } : {}) };
  const before = /^\d{1,18}$/.test(cursor) ? cursor : undefined;
  const isChosen = lacks.length > 0;
  const [counts, backfills, chosen, works, isWorkerAlive] = await Promise.all([
    sharedRead(`lacking ${mediaType}`, () => countLacking(db, mediaType ?? undefined), COUNTS_KEPT),
    sharedRead("backfills", () => listBackfills(db)),
    isChosen
      ? sharedRead(`chosen ${mediaType} ${lacks}`, () => countChosen(db, filter, lacks), COUNTS_KEPT)
      : { works: 0, unidentified: 0, unrated: 0 },
    isChosen
      ? sharedRead(`chosen works ${mediaType} ${lacks} ${before}`, () =>
          listLacking(db, filter, { before, limit: PAGE_SIZE + 1 }),
        )
      : [],
    workerAlive(db),
  ]);
  return {
    lacks,
    mediaType,
    counts,
    backfills,
    chosen: chosen.works,
    cost: costOf(chosen, lacks, config.TMDB_RATE_LIMIT),
    rate: rateWords(config.TMDB_RATE_LIMIT),
    isOmdbOn: isOn("omdb", config),
    works: works.slice(0, PAGE_SIZE),
    nextCursor: works.length > PAGE_SIZE ? (works[PAGE_SIZE - 1]?.workId ?? null) : null,
    isWorkerAlive,
    isTmdbOn: isOn("tmdb", config),
    catalogue: config.CATALOGUE_URL ?? null,
  };
});

/** Starts a backfill and leads to its page. */
export const action = actionDoor(async ({ request, context }: ActionFunctionArgs) => {
  const { db, config } = appContext();
  const actor = requireActor(context);
  const { form } = await readForm(request);
  const { lacks, mediaType } = readChoice(
    new URLSearchParams({ lacks: String(form.get("lacks") ?? ""), kind: String(form.get("kind") ?? "") }),
  );
  if (form.get("intent") !== "start" || lacks.length === 0)
    throw new AppError(
      "NOTHING_CHOSEN",
      400,
      "No field is chosen. Choose at least one, then start the backfill.",
    );
  const asked = backfillRequest.parse({
    filter: { lacks, ...(mediaType ? { mediaType } : {}) },
    fields: lacks,
  });
  const isRemote = form.get("into") === "remote";
  if (isRemote && !config.CATALOGUE_URL)
    throw new AppError(
      "NO_REMOTE_CATALOGUE",
      409,
      "No remote catalogue is in use any more. Reload the page; the built-in catalogue can be filled instead.",
    );
  const catalogue = isRemote ? (config.CATALOGUE_URL ?? null) : null;
  const id = await db.transaction().execute(async (trx) => {
    const created = await createBackfill(trx, asked, { catalogue, requestedBy: actor.name });
    await audit(trx, {
      actor,
      requestId: context.get(requestIdContext),
      action: "backfill.start",
      subject: `backfill:${created}`,
      details: { ...asked, remote: catalogue !== null },
    });
    return created;
  });
  throw redirect(`/discovery/backfills/${id}`);
});

export default function Backfills() {
  const shown = useLoaderData<typeof loader>();
  const { lacks, mediaType, counts, backfills, works, nextCursor } = shown;
  const waits = backfills.some(({ status }) => status === "queued" || status === "processing");
  const navigate = useNavigate();
  useLive("/live?topic=console");
  const choose = (fields: readonly string[]) => {
    const search = new URLSearchParams();
    if (fields.length > 0) search.set("lacks", fields.join(","));
    if (mediaType) search.set("kind", mediaType);
    navigate({ search: search.toString() }, { preventScrollReset: true });
  };
  return (
    <Page
      title="Discovery"
      tabs={discoveryTabs("backfills")}
      actions={<StartBackfill {...shown} />}
      meta={[`${formatCount(counts.works)} works in the catalogue`]}
    >
      {waits && !shown.isWorkerAlive ? <NoWorker consequence="backfills wait" /> : null}
      <Section
        title="What works lack"
        aside={
          <FilterChips
            label="Kind of work"
            param="kind"
            current={mediaType}
            chips={[
              { value: "movie", label: "films" },
              { value: "tv", label: "series" },
            ]}
          />
        }
      >
        <FieldsTable counts={counts} chosen={lacks} onChoose={choose} />
      </Section>
      {lacks.length > 0 ? (
        <Section title="Chosen works">
          {shown.chosen > 0 ? <p>{costText(shown)}</p> : null}
          <WorksTable works={works} />
          <KeysetPager label="Chosen works" next={nextCursor} shown={works.length} />
        </Section>
      ) : null}
      <Section title="Backfills">
        <BackfillsTable backfills={backfills} />
      </Section>
    </Page>
  );
}
