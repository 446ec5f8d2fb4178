import type { RowToWrite, Target } from "#app/imports/chunk.server.ts";
import type { ClaimedRow, RowOutcome } from "#app/imports/rows.server.ts";
import { matchKey, type Resolution } from "#app/matching/resolution.ts";

/** Whether a title's rows can be settled without any further look-up. */
export const isReady = (target: Target, resolution: Resolution, works: Map<string, string>): boolean =>
  resolution.outcome !== "match" || !target.needsFacts || works.has(matchKey(resolution));

/** Settles a row by what its title was found to be. */
export async function finishRow(
  target: Target,
  row: ClaimedRow,
  resolution: Resolution,
  works: Map<string, string>,
  facts: RowToWrite["facts"],
): Promise<void> {
  if (resolution.outcome !== "match") return target.settle(undecided(row.rowNumber, resolution));
  await target.write({ row, match: resolution, workId: works.get(matchKey(resolution)) ?? null, facts });
}

function undecided(rowNumber: number, resolution: Resolution): RowOutcome {
  const { strategy, score, reason, candidates } = resolution;
  const outcome = { match: { strategy, score, reason, candidates } };
  return resolution.outcome === "review"
    ? { rowNumber, status: "review", errorCode: "REVIEW", errorMessage: reason.text, outcome }
    : { rowNumber, status: "failed", errorCode: "NO_MATCH", errorMessage: reason.text, outcome };
}
