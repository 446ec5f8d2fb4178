import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { RetryLater } from "#app/errors.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";
import { type FetchedImage, fetchImage, ImageFault } from "#app/works/images/fetch-image.server.ts";
import { imageAddress } from "#app/works/images/image-address.ts";
import { imageStore } from "#app/works/images/image-store.server.ts";
import { linkImages, type MissingImage } from "#app/works/images/link-images.server.ts";
import { lockFile } from "#app/works/images/lock-file.server.ts";
import { picturesOf } from "#app/works/images/work-pictures.ts";

interface RehostContext {
  db: Db;
  config: Config;
  signal?: AbortSignal;
}

/** What came of it. */
export interface Rehosted {
  /** Images that the work shows and that are ours to keep. */
  images: number;
  stored: number;
  failed: number;
  /** Why nothing, or not everything, was done. */
  note: string | null;
}

/** At once per work: a work has some twenty images. */
const PARALLEL = 4;

/**
 * Fetches what a work shows and the store lacks (T-09). Each image is fetched once, whichever works show it; what cannot be had
 * stays at its source, and is tried again after an hour, two, four, up to a week.
 *
 * @returns undefined when the work is gone or has no details
 * @throws RetryLater when the worker is to stop
 */
export async function rehostImages(ctx: RehostContext, workId: string): Promise<Rehosted | undefined> {
  const { db, config, signal } = ctx;
  const meta = await readPictures(db, workId);
  if (!meta) return undefined;
  if (!isOn("tmdb", config)) return { images: 0, stored: 0, failed: 0, note: offSentence("tmdb") };
  const pictures = picturesOf(meta).filter(({ url }) => imageAddress(url, config) !== null);
  const missing = await linkImages(db, workId, pictures);
  const outcome = { images: pictures.length, stored: 0, failed: 0, note: null as string | null };
  const queue = [...missing];
  const work = async () => {
    for (let image = queue.shift(); image && !signal?.aborted; image = queue.shift()) {
      const fault = await rehostOne(ctx, image).catch((error: unknown) => {
        // The store or the database is in trouble: the others stop as well, and the job is tried again.
        queue.length = 0;
        throw error;
      });
      if (fault === "busy") continue;
      if (fault === null) outcome.stored++;
      else {
        outcome.failed++;
        outcome.note = fault.message;
        if (fault.scope === "host") await waitWith(db, image, queue.splice(0));
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: PARALLEL }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  if (signal?.aborted)
    throw new RetryLater("The worker stops; the other images are fetched afterwards.", 1_000);
  await noteWhatIsLeft(db, workId, meta.dueAt);
  return outcome;
}

async function readPictures(db: Db, workId: string) {
  return (
    db
      .selectFrom("works_meta")
      .select([
        "poster_url_medium",
        "poster_url_large",
        "backdrop_url_mobile",
        "cast_members",
        "still_images",
        "trailers",
      ])
      // To the microsecond: that is how it is compared afterwards.
      .select(sql<string | null>`images_due_at::text`.as("dueAt"))
      .where("work_id", "=", workId)
      .executeTakeFirst()
  );
}

/** @returns null when it is stored · "busy" when somebody else is at it, or was quicker */
async function rehostOne(ctx: RehostContext, image: MissingImage): Promise<ImageFault | "busy" | null> {
  const address = imageAddress(image.url, ctx.config);
  if (!address || !(await claim(ctx.db, image))) return "busy";
  try {
    await store(ctx, image, await fetchImage(address, ctx.signal));
    return null;
  } catch (error) {
    if (!(error instanceof ImageFault)) {
      await giveBack(ctx.db, image);
      // The worker stops: the loop sees that by itself.
      if (ctx.signal?.aborted) return "busy";
      throw error;
    }
    await noteFault(ctx.db, image, error);
    return error;
  }
}

/** So long an image is somebody's: longer than a fetch may take. A worker that dies loses it after that. */
const CLAIM_SECONDS = 120;

async function claim(db: Db, image: MissingImage): Promise<boolean> {
  const { rows } = await sql`
    update images set next_try_at = clock_timestamp() + ${CLAIM_SECONDS} * interval '1 second'
    where image_id = ${image.imageId}::bigint and status <> 'stored' and next_try_at <= clock_timestamp()
    returning image_id`.execute(db);
  return rows.length > 0;
}

async function giveBack(db: Db, image: MissingImage): Promise<void> {
  await sql`update images set next_try_at = clock_timestamp() where image_id = ${image.imageId}::bigint and status <> 'stored'`.execute(
    db,
  );
}

/** The file first, then the row that says that it is there; nobody prunes that file meanwhile. */
async function store(ctx: RehostContext, image: MissingImage, fetched: FetchedImage): Promise<void> {
  const { bytes, kind } = fetched;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const fileName = `${sha256}.${kind.extension}`;
  const files = await imageStore(ctx.config);
  await ctx.db.transaction().execute(async (trx) => {
    await lockFile(trx, fileName);
    await files.put(fileName, bytes, kind.contentType);
    await sql`
      update images set status = 'stored', sha256 = ${sha256}, content_type = ${kind.contentType}, bytes = ${bytes.byteLength},
        width = ${kind.width}, height = ${kind.height}, attempts = attempts + 1, error = null, next_try_at = null,
        fetched_at = clock_timestamp()
      where image_id = ${image.imageId}::bigint`.execute(trx);
  });
}

const MOST_ATTEMPTS = 10;

async function noteFault(db: Db, image: MissingImage, fault: ImageFault): Promise<void> {
  await sql`
    update images set status = 'failed', attempts = attempts + 1, error = ${fault.message},
      next_try_at = case when ${fault.scope !== "gone"} and attempts + 1 < ${MOST_ATTEMPTS}
        then clock_timestamp() + greatest(
          least(interval '1 hour' * 2 ^ attempts, interval '7 days'), ${fault.retryAfterMs} * interval '1 millisecond') end
    where image_id = ${image.imageId}::bigint`.execute(db);
}

/** The host's other images can wait until it is well again: they are tried together with the one that failed. */
async function waitWith(db: Db, failed: MissingImage, others: readonly MissingImage[]): Promise<void> {
  await sql`
    update images set next_try_at = failed.next_try_at
    from (select next_try_at from images where image_id = ${failed.imageId}::bigint) as failed
    where image_id = any (${sql.val(others.map((image) => image.imageId))}::bigint[]) and status <> 'stored'`.execute(
    db,
  );
}

/** The work is due again when the first of its missing images is; where they have changed meanwhile, it is due anyway. */
async function noteWhatIsLeft(db: Db, workId: string, dueAt: string | null): Promise<void> {
  await sql`
    update works_meta set images_due_at = (
      select min(next_try_at) from work_images join images on images.image_id = work_images.image_id
      where work_images.work_id = works_meta.work_id and status <> 'stored')
    where work_id = ${workId}::bigint and images_due_at is not distinct from ${dueAt}::timestamptz`.execute(
    db,
  );
}
