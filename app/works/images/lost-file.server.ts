import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";

/** A file that is lost again so soon is not fetched again: then the store loses files, or is not the one that workers write to. */
const ONCE_IN_HOURS = 24;

/**
 * A file that the store should hold is not there: somebody removed it, or restored the database without it. Its images are
 * wanted again, and pages show the source's until a worker has fetched them. At most once a day for each.
 *
 * @param fileName as IMAGE_NAME has it
 * @returns whether any work shows it, so that it is fetched again
 */
export async function noteLostFile(db: Db, fileName: string): Promise<boolean> {
  const { rows } = await sql`
    with lost as (
      update images set status = 'pending', attempts = 0, error = null, next_try_at = clock_timestamp()
      where sha256 = left(${fileName}, 64) and file_name = ${fileName} and status = 'stored'
        and fetched_at < clock_timestamp() - ${ONCE_IN_HOURS} * interval '1 hour'
      returning image_id
    )
    update works_meta set images_due_at = clock_timestamp()
    from work_images join lost using (image_id)
    where works_meta.work_id = work_images.work_id
    returning works_meta.work_id`.execute(db);
  return rows.length > 0;
}
