import { z } from "zod";
import { jobStatuses, rowStatuses } from "#app/imports/status.ts";

/** What the machine API answers about imports, field by field as CONTRACT.md lists them. */

const count = z.int().min(0);
const time = z.iso.datetime().describe("UTC");

const problem = z.object({
  rowNumber: z.int().min(1).nullable().describe("Null: the import as a whole failed, not one of its rows"),
  code: z.string(),
  message: z.string(),
});

export const importAccepted = z
  .object({
    jobId: z.uuid(),
    status: z.enum(jobStatuses),
    totalRows: count,
    validation: z.object({
      valid: count,
      invalid: count,
      errors: z
        .array(problem.extend({ rowNumber: z.int().min(1) }))
        .max(100)
        .describe("The first 100 rows that cannot be used as they are"),
    }),
    sameFile: z
      .array(
        z.object({
          jobId: z.uuid(),
          href: z.string().describe("Of the import: `/bulk-import/jobs/{jobId}`"),
          status: z.enum(jobStatuses),
          dryRun: z.boolean(),
          undone: z.boolean().describe("It was undone, so its rows are written again"),
          createdAt: time,
        }),
      )
      .max(3)
      .describe(
        "Other imports of the very same file, newest first. What they have written is not written twice",
      ),
    repair: z
      .object({
        replaced: count.describe("Failed rows that the file has corrected; they are tried again"),
        unchanged: count.describe(
          "Lines that say what they said when they were exported; their rows stay failed",
        ),
        refused: z
          .array(
            problem.extend({
              lineNumber: z.int().min(1),
              rowNumber: z
                .int()
                .min(1)
                .nullable()
                .describe("Null: the line does not say which row it corrects"),
            }),
          )
          .max(100)
          .describe("The first 100 lines that replace nothing, and why"),
      })
      .nullable()
      .describe(
        "Set when the file was a corrected failed-rows file: then the import is the one that it repairs",
      ),
  })
  .meta({ id: "ImportAccepted", description: "A file that was taken in." });

export const importSummary = z
  .object({
    id: z.uuid(),
    type: z.enum(["movies", "shows"]),
    source: z.string().describe("Detected, or as given with the upload"),
    status: z.enum(jobStatuses),
    dryRun: z.boolean(),
    fileName: z.string(),
    totalRows: count,
    processedRows: count.describe("The sum of the four that follow"),
    successRows: count,
    failedRows: count,
    skippedRows: count,
    reviewRows: count.describe("More than one plausible title: an operator decides"),
    createdAt: time,
    startedAt: time.nullable(),
    completedAt: time.nullable(),
    etaSeconds: count.nullable().describe("Null: finished, or not known yet"),
  })
  .meta({ id: "ImportSummary", description: "An import in the list." });

export const importJob = importSummary
  .extend({ recentErrors: z.array(problem).max(11).describe("The newest failures") })
  .meta({ id: "ImportJob", description: "An import and how far it is." });

export const importJobs = z
  .object({
    jobs: z.array(importSummary),
    nextCursor: z.string().nullable().describe("Of the next page; null on the last"),
  })
  .meta({ id: "ImportJobs", description: "Imports, newest first." });

export const importRow = z
  .object({
    rowNumber: z.int().min(1),
    status: z.enum(rowStatuses),
    raw: z
      .record(z.string(), z.union([z.string(), z.array(z.string())]))
      .describe("The record by the file's own columns; cells beyond the last column stand under _extra"),
    normalized: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe("What was understood; null where the record cannot be used"),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    targetRecordId: z.string().nullable().describe("Id of the record in the catalogue"),
    attemptCount: count,
  })
  .meta({ id: "ImportRow", description: "One record of the file and its fate." });

export const importRows = z
  .object({ total: count.describe("Rows that match, on all pages"), rows: z.array(importRow) })
  .meta({ id: "ImportRows", description: "A page of rows, by row number." });

export const errorAnswer = z
  .object({
    error: z.object({
      code: z.string().describe("Stable; for programs"),
      message: z.string().describe("For people: what happened, to what, what to do next"),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .meta({ id: "Error", description: "Every answer that is not a success." });

export type ImportAccepted = z.infer<typeof importAccepted>;
export type ImportJob = z.infer<typeof importJob>;
export type ImportJobs = z.infer<typeof importJobs>;
export type ImportRow = z.infer<typeof importRow>;
export type ImportRows = z.infer<typeof importRows>;
