import { z } from "zod";
import {
  type CatalogueMovie,
  type CatalogueRecord,
  type CatalogueShow,
  catalogueRecord,
  recordPage,
  writtenRecord,
} from "#app/upstreams/catalogue/shapes.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import type { Upstream } from "#app/upstreams/definition.server.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import type { HttpAnswer } from "#app/upstreams/http.server.ts";
import type { Verdict } from "#app/upstreams/judge.server.ts";
import { ask } from "#app/upstreams/upstream.server.ts";

/** A catalogue that answers with everything at once: some 0.8 kB a record, so this is a good 60,000 of them. */
const MAX_LIST_BYTES = 50 * 1024 * 1024;
const MAX_PAGES = 10_000;

function errorText(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body) || !body.error) return undefined;
  const { error } = body;
  if (typeof error === "string") return error;
  // Our own machine API answers {"error":{"code","message"}}.
  if (typeof error === "object" && "message" in error) return String(error.message);
  return "no reason given";
}

/** Failures come with a 2xx and `{error}` as often as with a 4xx. */
function judgeCatalogue(answer: HttpAnswer): Verdict | undefined {
  if ("problem" in answer.body) return undefined;
  const said = errorText(answer.body.value);
  if (said === undefined) return undefined;
  if (/api ?key/i.test(said)) return { kind: "fault", fault: "KEY_REFUSED", details: { said } };
  const { status } = answer;
  // 409 without "exists": a request with this idempotency key is still running. Its effect will be seen by asking again.
  if (status === 409 && !exists(said))
    return {
      kind: "fault",
      fault: "REFUSED",
      details: { said, retryable: true, outcomeUnknown: true, detail: "CONFLICT" },
    };
  if (status >= 300 && status !== 400 && status !== 409 && status !== 422) return undefined;
  return {
    kind: "fault",
    fault: "REFUSED",
    details: { said, outcomeUnknown: false, detail: exists(said) ? "ALREADY_EXISTS" : undefined },
  };
}

function exists(said: string): boolean {
  return /already (?:exists|there|in )|duplicate/i.test(said);
}

export const catalogue: Upstream = {
  service: "catalogue",
  baseUrl: (config) => config.CATALOGUE_URL ?? "",
  key: (config) => config.CATALOGUE_API_KEY ?? "",
  credentials: (key) => ({ headers: { apikey: key } }),
  // It is the operator's own; a 429 from it pauses everybody through its circuit.
  budget: () => null,
  judge: judgeCatalogue,
};

export type CatalogueMedia = "movie" | "tv";

const FOLDERS = { movie: "/movies", tv: "/shows" } as const;

/** Where a page stands, so that a next one can be named relative to it. */
function address(ctx: UpstreamContext, path: string): string {
  return path.startsWith("/") ? (ctx.config.CATALOGUE_URL ?? "") + path : path;
}

export interface RecordPage {
  records: CatalogueRecord[];
  /** Entries of this page that have no usable id. */
  unreadable: number;
}

/**
 * Everything that a catalogue holds of one kind, page by page: bare arrays come as one page, `{data, links.next}` as many.
 * Pages are asked for: a catalogue that has both (another Reeldesk) cuts its bare arrays short, and one that has no pages
 * overlooks the wish.
 *
 * @throws UpstreamError BAD_ANSWER also when a page names a foreign address or itself as the next one
 */
export async function* listRecords(ctx: UpstreamContext, media: CatalogueMedia): AsyncGenerator<RecordPage> {
  let path = `${FOLDERS[media]}?page=1`;
  const seen = new Set<string>();
  while (seen.size < MAX_PAGES && !seen.has(path)) {
    seen.add(path);
    const page = await ask(ctx, catalogue, {
      endpoint: FOLDERS[media],
      path,
      shape: recordPage,
      maxBytes: MAX_LIST_BYTES,
    });
    const records = page.data.flatMap((entry) => {
      const parsed = catalogueRecord.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    });
    yield { records, unreadable: page.data.length - records.length };
    if (!page.next) return;
    path = new URL(page.next, address(ctx, path)).href;
  }
  throw new UpstreamError("catalogue", "BAD_ANSWER", { detail: "ENDLESS_PAGES", retryable: false });
}

/**
 * Asks for a list of one film, to see whether the catalogue answers. One that knows no limit sends everything.
 *
 * @throws as `listRecords`
 */
export function listOneMovie(ctx: UpstreamContext): Promise<unknown> {
  return ask(ctx, catalogue, {
    endpoint: FOLDERS.movie,
    path: `${FOLDERS.movie}?page=1&limit=1`,
    shape: recordPage,
    maxBytes: MAX_LIST_BYTES,
  });
}

/**
 * `written`: the catalogue has the record and `recordId` is its id. `exists`: it says that it had it before; the id is for
 * the caller to look up.
 */
export type WriteResult = { outcome: "written"; recordId: string } | { outcome: "exists" };

async function write(
  ctx: UpstreamContext,
  method: "POST" | "PATCH",
  endpoint: string,
  path: string,
  body: object,
  idempotencyKey: string,
): Promise<WriteResult> {
  const filled = Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== undefined),
  );
  try {
    const record = await ask(ctx, catalogue, {
      method,
      endpoint,
      path,
      json: filled,
      headers: { "idempotency-key": idempotencyKey },
      shape: writtenRecord,
    });
    return { outcome: "written", recordId: record.id };
  } catch (error) {
    if (error instanceof UpstreamError && error.detail === "ALREADY_EXISTS") return { outcome: "exists" };
    throw error;
  }
}

/**
 * Writes a film to the remote catalogue.
 *
 * Never retried here. When the error says `outcomeUnknown`, the record may exist: send the same key again, or look.
 *
 * @param idempotencyKey the same over all attempts and workers for this record
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · UpstreamError (`said` holds the catalogue's words)
 */
export function createMovie(
  ctx: UpstreamContext,
  movie: CatalogueMovie,
  idempotencyKey: string,
): Promise<WriteResult> {
  return write(ctx, "POST", "/movies", "/movies", movie, idempotencyKey);
}

/** As `createMovie`, for a series. */
export function createShow(
  ctx: UpstreamContext,
  show: CatalogueShow,
  idempotencyKey: string,
): Promise<WriteResult> {
  return write(ctx, "POST", "/shows", "/shows", show, idempotencyKey);
}

/** Changes the named fields of a film. As `createMovie`; a record that is gone is UpstreamError REFUSED with status 404. */
export function updateMovie(
  ctx: UpstreamContext,
  recordId: string,
  changes: Partial<CatalogueMovie>,
  idempotencyKey: string,
): Promise<WriteResult> {
  const path = `/movies/${encodeURIComponent(recordId)}`;
  return write(ctx, "PATCH", "/movies/{id}", path, changes, idempotencyKey);
}

/** As `updateMovie`, for a series. */
export function updateShow(
  ctx: UpstreamContext,
  recordId: string,
  changes: Partial<CatalogueShow>,
  idempotencyKey: string,
): Promise<WriteResult> {
  const path = `/shows/${encodeURIComponent(recordId)}`;
  return write(ctx, "PATCH", "/shows/{id}", path, changes, idempotencyKey);
}

/**
 * Removes a film's record. Sent again it does no harm: a record that is gone is UpstreamError with status 404.
 *
 * @throws as `createMovie`
 */
export async function deleteMovie(ctx: UpstreamContext, recordId: string): Promise<void> {
  const path = `/movies/${encodeURIComponent(recordId)}`;
  try {
    await ask(ctx, catalogue, { method: "DELETE", endpoint: "/movies/{id}", path, shape: z.unknown() });
  } catch (error) {
    // 204 has no body, and that is all right.
    if (!(error instanceof UpstreamError && error.code === "BAD_ANSWER" && error.status === 204)) throw error;
  }
}
