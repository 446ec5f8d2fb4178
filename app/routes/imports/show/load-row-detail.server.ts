import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { ImportJobView } from "#app/imports/jobs.server.ts";
import { titleKeyOf } from "#app/imports/row-keys.ts";
import { readOutcome } from "#app/imports/row-outcome.ts";
import { findRow } from "#app/imports/row-queries.server.ts";
import { listUndoneOfRow } from "#app/imports/undo/undo-report.server.ts";
import { requestKey } from "#app/matching/resolution.ts";
import { loadCorrection } from "#app/routes/imports/show/load-correction.server.ts";
import { posterAddress } from "#app/routes/review/poster-address.ts";

export type RowDetailData = NonNullable<Awaited<ReturnType<typeof loadRowDetail>>>;
export type RowCandidate = RowDetailData["candidates"][number];

/**
 * One row with all that stands behind its outcome, for the drawer. Null when the import has no such row.
 */
export async function loadRowDetail(
  { db, config }: Pick<AppContext, "db" | "config">,
  job: ImportJobView,
  rowNumber: number,
) {
  const row = await findRow(db, job.id, rowNumber);
  if (!row) return null;
  const { match, duplicateOf, wouldWrite } = readOutcome(row.outcome);
  return {
    rowNumber: row.rowNumber,
    lineNumber: row.lineNumber,
    status: row.status,
    // In the file's own order: jsonb does not keep the order of keys.
    cells: [
      ...job.columns.filter((column) => column in row.raw),
      ...("_extra" in row.raw ? ["_extra"] : []),
    ].map((column) => ({ column, value: [row.raw[column] ?? ""].flat().join(" · ") })),
    normalized: row.normalized,
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    attemptCount: row.attemptCount,
    updatedAt: row.updatedAt,
    match,
    // Its title among all that wait for a decision.
    reviewKey:
      row.status === "review" && row.normalized
        ? requestKey(titleKeyOf(row.normalized), row.normalized.ids, row.normalized.kind)
        : null,
    candidates: (match?.candidates ?? []).map((candidate) => ({
      ...candidate,
      poster: posterAddress(config, candidate.posterPath),
    })),
    correction: await loadCorrection(db, job, row),
    undone: job.undoStatus === null ? [] : await listUndoneOfRow(db, job.id, row.rowNumber),
    duplicateOf,
    wouldWrite,
    work: row.workId ? await findWork(db, row.workId) : null,
    targetRecordId: row.targetRecordId,
  };
}

async function findWork(db: Db, workId: string) {
  const work = await db
    .selectFrom("works")
    .select([
      "work_id as id",
      "media_type as mediaType",
      "tmdb_id as tmdbId",
      "imdb_id as imdbId",
      "title",
      "year",
    ])
    .where("work_id", "=", workId)
    .executeTakeFirst();
  return work ?? null;
}
