import { z } from "zod";
import { AppError } from "#app/errors.ts";
import { sourceIds } from "#app/imports/sources/adapter.ts";
import { jobStatuses, rowStatuses } from "#app/imports/status.ts";
import { flag, oneOf, whole } from "#app/routes/api/query-fields.ts";

/** What the machine API takes about imports. */

export const uploadFields = z.strictObject({
  source: oneOf([...sourceIds, "auto"])
    .prefault("auto")
    .meta({ default: "auto", description: "Where the file comes from; auto finds out by its header" }),
  dryRun: flag(false).describe("Do everything except writing, and say row by row what the real run would do"),
  skipDuplicates: flag(true).describe("Leave out rows that stand in the file or in the catalogue already"),
  repairs: z.string().max(100, "is too long").prefault("auto").meta({
    default: "auto",
    description:
      "Of a corrected failed-rows file: id of the import that it repairs; auto finds out by its rows, no makes it an import of its own",
  }),
});

export const jobListQuery = z.object({
  status: oneOf(jobStatuses).optional().describe("Imports of this status alone"),
  limit: whole(1, 100, 20).describe("Imports on a page"),
  cursor: z.string().max(200, "is too long").optional().describe("nextCursor of the page before"),
});

export const rowsQuery = z.object({
  status: oneOf(rowStatuses).optional().describe("Rows of this status alone"),
  limit: whole(1, 500, 50).describe("Rows on a page"),
  offset: whole(0, 2_000_000_000, 0).describe("Rows to leave out at the beginning"),
});

/** @throws AppError 400 `UNKNOWN_SOURCE`, listing those that there are */
export function refuseUnknownSource(source: string | undefined): void {
  const known = [...sourceIds, "auto"];
  if (source === undefined || source === "" || known.includes(source)) return;
  throw new AppError(
    "UNKNOWN_SOURCE",
    400,
    `There is no source "${source.slice(0, 40)}". Use one of ${known.join(", ")}, or leave it out.`,
    { sources: known },
  );
}
