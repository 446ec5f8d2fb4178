import { existsSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../shared/fixtures");

/**
 * The folder of real exports and recorded answers, which lies beside the project where it is developed and is not part
 * of it. Elsewhere `null`: `describe.skipIf(!sharedFixtures)` shows those tests as skipped.
 */
export const sharedFixtures: string | null = existsSync(folder) ? folder : null;
