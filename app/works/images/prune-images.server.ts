import { sql } from "kysely";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { imageStore } from "#app/works/images/image-store.server.ts";
import { lockFile } from "#app/works/images/lock-file.server.ts";

/** Images per run; what is left goes the next day. */
const MOST = 2_000;

/**
 * Removes images that no work shows any more, and their files unless another address has the same contents. Those of the last
 * day stay: somebody may be about to link them.
 *
 * @returns images removed
 */
export async function pruneImages(db: Db, config: Config): Promise<number> {
  const files = await imageStore(config);
  const { rows } = await sql<{ imageId: string }>`
    select image_id as "imageId" from images
    where created_at < clock_timestamp() - interval '1 day'
      and not exists (select from work_images where work_images.image_id = images.image_id)
    order by image_id limit ${MOST}`.execute(db);
  let removed = 0;
  for (const { imageId } of rows) removed += await pruneOne(db, files, imageId);
  await files.tidy();
  return removed;
}

async function pruneOne(
  db: Db,
  files: Awaited<ReturnType<typeof imageStore>>,
  imageId: string,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const image = await trx
      .selectFrom("images")
      .select("file_name")
      .where("image_id", "=", imageId)
      .executeTakeFirst();
    // Before the row: whoever stores the same contents meanwhile waits, and then finds the file gone and writes it again.
    if (image?.file_name) await lockFile(trx, image.file_name);
    // Whoever is linking it has committed when this row is ours, and the next statement sees the link.
    await sql`select from images where image_id = ${imageId}::bigint for update`.execute(trx);
    const { rows } = await sql<{ fileName: string | null }>`
      delete from images where image_id = ${imageId}::bigint
        and not exists (select from work_images where work_images.image_id = images.image_id)
      returning file_name as "fileName"`.execute(trx);
    const fileName = rows[0]?.fileName;
    if (fileName && !(await isUsed(trx, fileName))) await files.remove(fileName);
    return rows.length;
  });
}

async function isUsed(trx: Pick<Db, "selectFrom">, fileName: string): Promise<boolean> {
  const row = await trx
    .selectFrom("images")
    .select("image_id")
    // Indexed; the name is made of it.
    .where("sha256", "=", fileName.slice(0, 64))
    .executeTakeFirst();
  return row !== undefined;
}
