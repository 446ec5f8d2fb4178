import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { RetryLater } from "#app/errors.ts";
import type { WorkPicture } from "#app/works/images/work-pictures.ts";

/** An image of a work that is not in the store. */
export interface MissingImage {
  imageId: string;
  url: string;
}

/**
 * Notes which images a work shows now: new ones are added, links to others go (the images themselves are pruned later).
 *
 * @returns those that are not in the store and may be tried now
 * @throws RetryLater
 */
export async function linkImages(
  db: Db,
  workId: string,
  pictures: readonly WorkPicture[],
): Promise<MissingImage[]> {
  const wanted = sql`json_to_recordset(${JSON.stringify(pictures)}::json) as wanted (role text, position smallint, url text)`;
  // By itself and in order: people play in many films, and two jobs may add the same photo.
  await sql`
    insert into images (source_url) select distinct url from ${wanted} order by url
    on conflict (source_url) do nothing`.execute(db);
  await db.transaction().execute(async (trx) => {
    await sql`
      delete from work_images as linked where work_id = ${workId}::bigint and not exists (
        select from ${wanted} join images on images.source_url = wanted.url
        where wanted.role = linked.role and wanted.position = linked.position and images.image_id = linked.image_id)`.execute(
      trx,
    );
    await sql`
      insert into work_images (work_id, role, position, image_id)
      select ${workId}::bigint, wanted.role, wanted.position, images.image_id
      from ${wanted} join images on images.source_url = wanted.url
      on conflict (work_id, role, position) do nothing`.execute(trx);
    const { linked } = await trx
      .selectFrom("work_images")
      .select((count) => count.fn.countAll<string>().as("linked"))
      .where("work_id", "=", workId)
      .executeTakeFirstOrThrow();
    // Pruned in the moment between the two statements: added again the next time.
    if (Number(linked) !== pictures.length) throw new RetryLater("An image was removed just now.", 1_000);
  });
  const { rows } = await sql<MissingImage>`
    select distinct images.image_id as "imageId", source_url as url
    from work_images join images on images.image_id = work_images.image_id
    where work_id = ${workId}::bigint and status <> 'stored' and next_try_at <= clock_timestamp()
    order by images.image_id`.execute(db);
  return rows;
}
