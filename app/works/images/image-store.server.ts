import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Disk } from "flydrive";
import { FSDriver } from "flydrive/drivers/fs";
import type { Config } from "#app/config.server.ts";

/** Where the contents of images lie. Files are named after their contents, so one that is there never changes. */
export interface ImageStore {
  /** Puts a file there whole, or not at all; one of that name stays as it is. */
  put(fileName: string, bytes: Buffer, contentType: string): Promise<void>;
  /** null: there is none of that name. */
  read(fileName: string): Promise<Buffer | null>;
  /** Of one that is not there nothing is said. */
  remove(fileName: string): Promise<void>;
  /** Removes what writers that were killed left behind. */
  tidy(): Promise<void>;
}

type StoreConfig = Pick<
  Config,
  | "IMAGE_STORE"
  | "DATA_DIR"
  | "S3_BUCKET"
  | "S3_REGION"
  | "S3_ENDPOINT"
  | "S3_ACCESS_KEY_ID"
  | "S3_SECRET_ACCESS_KEY"
  | "S3_FORCE_PATH_STYLE"
>;

const stores = new WeakMap<object, Promise<ImageStore>>();

/** The store that the configuration names; one per process. */
export function imageStore(config: StoreConfig): Promise<ImageStore> {
  const known = stores.get(config);
  if (known) return known;
  const opened = config.IMAGE_STORE === "s3" ? bucketStore(config) : Promise.resolve(folderStore(config));
  stores.set(config, opened);
  return opened;
}

/** 256 folders or prefixes: a folder of a hundred thousand files is slow to list. */
const keyOf = (fileName: string): string => `${fileName.slice(0, 2)}/${fileName}`;

function folderStore({ DATA_DIR }: StoreConfig): ImageStore {
  const folder = join(DATA_DIR, "images");
  const disk = new Disk(new FSDriver({ location: folder, visibility: "private" }));
  return {
    async put(fileName, bytes) {
      const key = keyOf(fileName);
      if (await disk.exists(key)) return;
      // Written aside, to the disk itself, and renamed: there is never half a file, even where the machine lost power.
      const draft = `drafts/${randomUUID()}`;
      try {
        await mkdir(join(folder, "drafts"), { recursive: true });
        await mkdir(dirname(join(folder, key)), { recursive: true });
        await writeFile(join(folder, draft), bytes, { flush: true });
        await rename(join(folder, draft), join(folder, key));
      } catch (error) {
        await rm(join(folder, draft), { force: true });
        throw error;
      }
    },
    read: (fileName) => readFrom(disk, fileName),
    remove: (fileName) => disk.delete(keyOf(fileName)),
    tidy: () => removeOldFiles(join(folder, "drafts")),
  };
}

/** A draft is written within seconds: one of yesterday is nobody's any more. */
const DRAFT_KEPT_MS = 24 * 60 * 60 * 1000;

async function removeOldFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []); // Nothing was ever written.
  for (const name of names) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > DRAFT_KEPT_MS) await rm(path, { force: true });
  }
}

async function bucketStore(config: StoreConfig): Promise<ImageStore> {
  // Loaded when it is needed: Amazon's client is larger than the rest of the worker.
  const { S3Driver } = await import("flydrive/drivers/s3");
  const { S3_ACCESS_KEY_ID = "", S3_SECRET_ACCESS_KEY = "", S3_ENDPOINT } = config;
  const disk = new Disk(
    new S3Driver({
      bucket: config.S3_BUCKET ?? "",
      region: config.S3_REGION,
      credentials: { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY },
      ...(S3_ENDPOINT && { endpoint: S3_ENDPOINT }),
      forcePathStyle: config.S3_FORCE_PATH_STYLE,
      // The bucket is private, whatever kind it is: images are served by us.
      visibility: "private",
      supportsACL: false,
      maxAttempts: 3,
      // Many stores that speak S3 do not know its newer checksums.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    }),
  );
  return {
    async put(fileName, bytes, contentType) {
      const key = keyOf(fileName);
      if (await disk.exists(key)) return;
      await disk.put(key, bytes, {
        contentType,
        contentLength: bytes.byteLength,
        cacheControl: "public, max-age=31536000, immutable",
      });
    },
    read: (fileName) => readFrom(disk, fileName),
    remove: (fileName) => disk.delete(keyOf(fileName)),
    // An object is there whole or not at all.
    tidy: async () => {},
  };
}

async function readFrom(disk: Disk, fileName: string): Promise<Buffer | null> {
  try {
    return await buffer(await disk.getStream(keyOf(fileName)));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Each store has a word of its own for it, and flydrive wraps it. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : null;
  return (
    code === "ENOENT" || error.name === "NoSuchKey" || error.name === "NotFound" || isMissing(error.cause)
  );
}
