import { BuiltinTarget } from "#app/imports/builtin-target.server.ts";
import type { Chunk, Target } from "#app/imports/chunk.server.ts";
import { DryRunTarget } from "#app/imports/dry-run-target.server.ts";
import { RemoteTarget } from "#app/imports/remote-target.server.ts";

/** Where a chunk's rows go, as it was decided when the file was taken in. */
export function targetOf(chunk: Chunk): Target {
  if (chunk.job.dryRun) return new DryRunTarget(chunk);
  return chunk.job.catalogue === "builtin" ? new BuiltinTarget(chunk) : new RemoteTarget(chunk);
}
