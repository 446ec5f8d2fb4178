import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { PictureRole } from "#app/works/images/work-pictures.ts";

/** An image that a work shows. */
export interface FoundPicture {
  role: PictureRole;
  position: number;
  /** Where it comes from. */
  url: string;
  /** Its name in the store; null: not re-hosted. */
  fileName: string | null;
  /** Why not, as a sentence for people; null when it was not tried yet. */
  error: string | null;
}

/** The images of a work that are re-hosted, or are to be. Empty until a worker has looked at them. */
export function findPictures(db: Kysely<Database>, workId: string): Promise<FoundPicture[]> {
  return db
    .selectFrom("work_images")
    .innerJoin("images", "images.image_id", "work_images.image_id")
    .select(["role", "position", "source_url as url", "error"])
    .select((image) =>
      image.case().when("status", "=", "stored").then(image.ref("file_name")).else(null).end().as("fileName"),
    )
    .where("work_id", "=", workId)
    .orderBy("role")
    .orderBy("position")
    .execute();
}
