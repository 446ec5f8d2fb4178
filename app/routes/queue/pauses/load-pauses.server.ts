import type { Kysely } from "kysely";
import type { AppContext } from "#app/context.server.ts";
import type { Database } from "#app/db/types.ts";
import { listRunningJobs } from "#app/imports/jobs.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { catalog, taskNames } from "#app/queue/catalog.ts";
import { countHeldJobs } from "#app/queue/console/held-jobs.server.ts";
import { flagLabel, flagOf, parseFlag } from "#app/queue/job-flags.ts";
import { activePauses, type Pause, pastPauses } from "#app/queue/pauses.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { formatQuantity } from "#app/ui/format.ts";
import { circuitStates } from "#app/upstreams/circuit.server.ts";
import { SERVICES, type Service, serviceInfo } from "#app/upstreams/services.ts";

const PAST_PAGE = 20;
/** Pauses that hold beyond these are counted, not listed: each costs the count of what it holds. */
const MOST_LISTED = 100;
/** Imports to choose from; others are paused from their own page. */
const MOST_IMPORTS = 50;

export type PausesData = Awaited<ReturnType<typeof loadPauses>>;
export type ActivePauseView = PausesData["active"][number];
export type PastPauseView = PausesData["past"][number];

/** What the page of pauses shows for its URL: `cursor` (of past pauses), `pause` (a flag that the form begins with). */
export async function loadPauses({ db }: Pick<AppContext, "db">, params: URLSearchParams) {
  const before = /^\d{1,18}$/.exec(params.get("cursor") ?? "")?.[0];
  const [{ active, heldJobs }, ended, running, circuits, isWorkerAlive] = await Promise.all([
    sharedRead("queue:pauses", () => readActive(db)),
    sharedRead(`queue:past-pauses?${before ?? ""}`, () => pastPauses(db, { limit: PAST_PAGE + 1, before })),
    sharedRead("queue:pausable-imports", () => listRunningJobs(db, MOST_IMPORTS + 1)),
    sharedRead("queue:circuits", () => circuitStates(db)),
    workerAlive(db),
  ]);
  const imports = running.slice(0, MOST_IMPORTS);
  const past = ended.slice(0, PAST_PAGE);
  const listed = active.slice(0, MOST_LISTED);
  const names = await namesOfImports(db, [...listed, ...past], imports);
  const name = (pause: Pause) => ({ ...pause, ...wordsOf(pause.flag, names) });
  return {
    isWorkerAlive,
    active: listed.map((pause, index) => ({ ...name(pause), heldJobs: heldJobs[index] ?? 0 })),
    activeCount: active.length,
    past: past.map(name),
    nextCursor: ended.length > PAST_PAGE ? (past.at(-1)?.id ?? null) : null,
    isFirstPage: before === undefined,
    choices: choicesOf(imports, params.get("pause"), active),
    chosen: params.get("pause"),
    hasMoreImports: running.length > MOST_IMPORTS,
    circuits: circuits.flatMap(({ service, state, reason, openedAt, retryAt }) =>
      state === "open" ? [{ service, label: labelOf(service), reason, openedAt, retryAt }] : [],
    ),
  };
}

async function readActive(db: Kysely<Database>) {
  const active = await activePauses(db);
  return {
    active,
    heldJobs: await countHeldJobs(
      db,
      active.slice(0, MOST_LISTED).map(({ flag }) => flag),
    ),
  };
}

const labelOf = (service: string): string =>
  SERVICES.some((known) => known === service) ? serviceInfo(service as Service).label : service;

/** File names of the imports that these pauses are about. */
async function namesOfImports(
  db: Kysely<Database>,
  pauses: readonly Pause[],
  known: readonly { id: string; fileName: string }[],
): Promise<Map<string, string>> {
  const names = new Map(known.map(({ id, fileName }) => [id, fileName]));
  const asked = pauses.flatMap(({ flag }) => {
    const target = parseFlag(flag);
    return target?.kind === "import" && !names.has(target.importJobId) ? [target.importJobId] : [];
  });
  if (asked.length === 0) return names;
  const rows = await sharedRead(`queue:import-names?${asked.join()}`, () =>
    db.selectFrom("import_jobs").select(["id", "file_name"]).where("id", "in", asked).execute(),
  );
  for (const row of rows) names.set(row.id, row.file_name);
  return names;
}

/** What a pause is about in people's words, and where that stands. */
function wordsOf(
  flag: string,
  names: ReadonlyMap<string, string>,
): { what: string; kind: string; to: string | null } {
  const target = parseFlag(flag);
  switch (target?.kind) {
    case "import":
      return {
        kind: "import",
        what: names.get(target.importJobId) ?? flagLabel(flag),
        to: names.has(target.importJobId) ? `/imports/${target.importJobId}` : null,
      };
    case "task":
      return { kind: "task", what: target.task, to: `/queue?q=${encodeURIComponent(`task:${target.task}`)}` };
    case "upstream":
      return { kind: "upstream", what: labelOf(target.service), to: null };
    default:
      return { kind: "", what: flag, to: null };
  }
}

/** What can be paused: every task, the upstreams that some task cannot do without, and imports that are not finished. */
function choicesOf(
  imports: readonly { id: string; fileName: string }[],
  chosen: string | null,
  active: readonly { flag: string }[],
) {
  const paused = new Set(active.map(({ flag }) => flag));
  const open = <Choice extends { value: string }>(choices: Choice[]) =>
    choices.filter(({ value }) => !paused.has(value));
  const importChoices = imports.map(({ id, fileName }) => ({
    value: flagOf({ kind: "import", importJobId: id }),
    label: fileName,
  }));
  const asked = chosen === null ? null : parseFlag(chosen);
  // An import whose page led here may have left the list meanwhile.
  if (asked?.kind === "import" && !importChoices.some(({ value }) => value === chosen))
    importChoices.push({ value: flagOf(asked), label: flagLabel(flagOf(asked)) });
  return [
    {
      group: "Tasks",
      items: open(taskNames.map((task) => ({ value: flagOf({ kind: "task", task }), label: task }))),
    },
    {
      group: "Upstreams",
      items: open(
        SERVICES.flatMap((service) => {
          const held = heldBy(service);
          const value = flagOf({ kind: "upstream", service });
          return held === null ? [] : [{ value, label: `${labelOf(service)} (${held})` }];
        }),
      ),
    },
    { group: "Imports", items: open(importChoices) },
  ].filter(({ items }) => items.length > 0);
}

/** What waits while an upstream is paused; null for one that everything can do without. */
function heldBy(service: Service): string | null {
  if (service === "catalogue") return "imports into it";
  const tasks = taskNames.filter((name) => (catalog[name].upstreams as readonly Service[]).includes(service));
  return tasks.length === 0 ? null : formatQuantity(tasks.length, "task");
}
