import { z } from "zod";
import { MAX_ATTEMPTS } from "#app/queue/retry-policy.ts";
import type { Service } from "#app/upstreams/services.ts";

/** Which slots a task may use: `bulk` work (import chunks) never holds more than half of a worker's. */
export type Lane = "general" | "bulk";

interface TaskEntry<Payload extends z.ZodObject> {
  /** Parsed when the job is added and again when it runs: other people's SQL adds jobs too. */
  payload: Payload;
  lane: Lane;
  maxAttempts: number;
  /** Lower runs first. */
  priority: number;
  /** One waiting job per key; null: any number. The task's name is part of the key, since keys are global. */
  key: (payload: z.infer<Payload>) => string | null;
  /** The services that the task cannot do without: its jobs are held while one of them is paused by hand. */
  upstreams: readonly Service[];
  /** What the job serves, for links from the console. */
  subject: (payload: z.infer<Payload>) => { importJobId?: string; workId?: string };
}

function task<Payload extends z.ZodObject>(
  entry: Pick<TaskEntry<Payload>, "payload"> & Partial<TaskEntry<Payload>>,
): TaskEntry<Payload> {
  return {
    lane: "general",
    maxAttempts: MAX_ATTEMPTS,
    priority: 0,
    key: () => null,
    upstreams: [],
    subject: () => ({}),
    ...entry,
  };
}

const importJobId = z.uuid();
const rowNumber = z.int().min(1);
/** Other people's SQL may write a bigint as text. */
const workId = z.coerce.number().int().positive();

const listKey = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,79}$/);
const filmYear = z.coerce.number().int().min(1880).max(2100);
const bigintId = z.coerce.string().regex(/^\d{1,18}$/);

/** The crontab line that a job stands for, and what the queue adds when its time came: without that, somebody pressed "Run now". */
const scheduled = { _schedule: z.string().optional(), _cron: z.unknown().optional() };

/**
 * Every task by its permanent identifier (CONTRACT.md, Tasks): these names stand in rows, in the crontab and in other
 * people's SQL. Unknown keys of a payload are dropped, since cron adds `_cron`.
 */
export const catalog = {
  process_import: task({
    payload: z.object({ importJobId }),
    priority: -10,
    key: ({ importJobId }) => `process_import:${importJobId}`,
    subject: ({ importJobId }) => ({ importJobId }),
  }),
  process_import_rows: task({
    payload: z.object({ importJobId, fromRow: rowNumber, toRow: rowNumber }),
    lane: "bulk",
    upstreams: ["tmdb"],
    key: ({ importJobId, fromRow, toRow }) => `process_import_rows:${importJobId}:${fromRow}-${toRow}`,
    subject: ({ importJobId }) => ({ importJobId }),
  }),
  undo_import: task({
    payload: z.object({ importJobId }),
    lane: "bulk",
    key: ({ importJobId }) => `undo_import:${importJobId}`,
    subject: ({ importJobId }) => ({ importJobId }),
  }),
  fetch_episode_counts: task({
    payload: z.object({ workId }),
    priority: 5,
    key: ({ workId }) => `fetch_episode_counts:${workId}`,
    upstreams: ["tmdb"],
    subject: ({ workId }) => ({ workId: String(workId) }),
  }),
  refresh_work: task({
    payload: z.object({ workId, force: z.boolean().optional() }),
    priority: 5,
    // A forced one does not turn into one that is content with what is kept.
    key: ({ workId, force }) => `refresh_work:${workId}${force ? ":force" : ""}`,
    upstreams: ["tmdb"],
    subject: ({ workId }) => ({ workId: String(workId) }),
  }),
  backfill_metadata: task({
    // What may stand in the two is the backfill's to say: this room knows nothing of films.
    payload: z.object({
      filter: z.record(z.string(), z.unknown()).default({}),
      fields: z.array(z.string()).default([]),
      backfillId: z.uuid().optional(),
    }),
    priority: 10,
    key: ({ backfillId }) => (backfillId ? `backfill_metadata:${backfillId}` : null),
  }),
  backfill_rows: task({
    payload: z.object({ backfillId: z.uuid(), fromRow: rowNumber, toRow: rowNumber }),
    lane: "bulk",
    priority: 10,
    upstreams: ["tmdb"],
    key: ({ backfillId, fromRow, toRow }) => `backfill_rows:${backfillId}:${fromRow}-${toRow}`,
  }),
  ingest_movie: task({
    payload: z.object({ tmdbId: z.coerce.number().int().positive().max(2_147_483_647) }),
    priority: 5,
    upstreams: ["tmdb"],
    key: ({ tmdbId }) => `ingest_movie:${tmdbId}`,
  }),
  discover_movies: task({
    payload: z.object({
      source: z.enum(["all", "popular", "now_playing", "trending"]),
      maxPages: z.coerce.number().int().min(1).max(5).optional(),
      maxMovies: z.coerce.number().int().min(1).max(300).optional(),
      triggerType: z.enum(["scheduled", "manual"]).optional(),
      ...scheduled,
    }),
    upstreams: ["tmdb"],
  }),
  refresh_stale_works: task({
    payload: z.object({ limit: z.coerce.number().int().min(1).optional(), ...scheduled }),
    key: () => "refresh_stale_works",
    upstreams: ["tmdb"],
  }),
  import_list: task({
    payload: z.object({
      listKey,
      years: z.array(filmYear).max(200).optional(),
      importId: bigintId.optional(),
    }),
    key: ({ listKey }) => `import_list:${listKey}`,
  }),
  import_list_page: task({
    payload: z.object({
      listKey,
      page: z.coerce.number().int().min(1).max(1_000),
      year: filmYear.optional(),
      importId: bigintId.optional(),
    }),
    upstreams: ["imdb"],
    key: ({ listKey, year, page }) => `import_list_page:${listKey}:${year ?? 0}:${page}`,
  }),
  fetch_details: task({
    payload: z
      .object({
        tmdbId: z.coerce.number().int().positive().max(2_147_483_647).optional(),
        imdbId: z
          .string()
          .regex(/^tt\d{5,10}$/)
          .optional(),
        mediaType: z.enum(["movie", "tv"]).default("movie"),
      })
      .refine(({ tmdbId, imdbId }) => (tmdbId === undefined) !== (imdbId === undefined), {
        error: "Either tmdbId or imdbId says which title is meant.",
      }),
    lane: "bulk",
    // A list brings hundreds at once, and nobody waits for one of them.
    priority: 15,
    upstreams: ["tmdb"],
    key: ({ tmdbId, imdbId, mediaType }) => `fetch_details:${imdbId ?? `${mediaType}:${tmdbId}`}`,
  }),
  apply_bulk_action: task({
    payload: z.object({ bulkActionId: z.uuid() }),
    // An operator waits for it, and it frees or clears what stands before others.
    priority: -20,
    key: ({ bulkActionId }) => `apply_bulk_action:${bulkActionId}`,
  }),
  rehost_images: task({
    payload: z.object({ workId }),
    // Nobody waits for it: until then pages show images from their source.
    priority: 20,
    key: ({ workId }) => `rehost_images:${workId}`,
    subject: ({ workId }) => ({ workId: String(workId) }),
  }),
  fetch_imdb_quotes: task({
    payload: z.object({ workId }),
    priority: 10,
    upstreams: ["tabstack"],
    key: ({ workId }) => `fetch_imdb_quotes:${workId}`,
    subject: ({ workId }) => ({ workId: String(workId) }),
  }),
  prune_history: task({
    payload: z.object({}),
    priority: 50,
    key: () => "prune_history",
  }),
};

export type TaskName = keyof typeof catalog;
export type TaskPayload<Name extends TaskName> = z.infer<(typeof catalog)[Name]["payload"]>;

export const taskNames = Object.keys(catalog) as TaskName[];

/** Tells a name that we know from one that an older or newer version left in a row. */
export const isTaskName = (name: string): name is TaskName => Object.hasOwn(catalog, name);
