import { appContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { byMethod, type DoorArgs } from "#app/routes/api/by-method.ts";
import { isUnchanged } from "#app/routes/api/entity-tag.ts";
import { IMAGE_NAME } from "#app/works/images/image-path.ts";
import { imageStore } from "#app/works/images/image-store.server.ts";
import { noteLostFile } from "#app/works/images/lost-file.server.ts";

const methods = byMethod({ GET: show });
export const loader = methods;
export const action = methods;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};

/**
 * `GET /images/:name`: a re-hosted image. Its name says what is in it, so it may be kept for ever, and no database is asked but
 * for a file that is not there, which is then fetched again. From a bucket it is passed on, not redirected to: a signed address changes by the hour, and pages may load images from here alone.
 */
async function show({ request, params }: DoorArgs): Promise<Response> {
  const name = params.name ?? "";
  const [, sha256, extension = ""] = IMAGE_NAME.exec(name) ?? [];
  if (!sha256) throw imageNotFound();
  const headers = {
    etag: `"${sha256}"`,
    "cache-control": "public, max-age=31536000, immutable",
  };
  if (isUnchanged(request.headers.get("if-none-match"), sha256))
    return new Response(null, { status: 304, headers });
  const bytes = await readImage(name);
  if (!bytes) throw await lostOrUnknown(name);
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...headers,
      "content-type": CONTENT_TYPES[extension] ?? "application/octet-stream",
      "content-length": String(bytes.byteLength),
    },
  });
}

/** @returns null when there is none @throws AppError IMAGE_STORE_AWAY (503) */
async function readImage(name: string): Promise<Buffer | null> {
  const { config, logger } = appContext();
  try {
    return await (await imageStore(config)).read(name);
  } catch (error) {
    logger.error({ err: error }, "image could not be read from its store");
    throw new AppError(
      "IMAGE_STORE_AWAY",
      503,
      "The store of images does not answer at the moment. Try again in a few seconds; the log says why.",
      { retryAfterMs: 5_000 },
    );
  }
}

async function lostOrUnknown(name: string): Promise<AppError> {
  const { db, logger } = appContext();
  if (!(await noteLostFile(db, name))) return imageNotFound();
  logger.warn({ image: name }, "image is not in its store; it is fetched again");
  return new AppError(
    "IMAGE_LOST",
    404,
    "The file of this image is lost. It is fetched again; until then its work shows the source's.",
  );
}

function imageNotFound(): AppError {
  return new AppError(
    "IMAGE_NOT_FOUND",
    404,
    "There is no image of this name. It may have been removed since no work shows it any more; ask for the work again.",
  );
}
