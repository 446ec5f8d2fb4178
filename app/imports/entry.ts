import { differencesOf } from "#app/imports/review/mismatch.ts";
import type { ClaimedRow, RowOutcome } from "#app/imports/rows.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import type { Entry, Existing } from "#app/works/record.server.ts";

/** The effect that a row asks for, on a work of the built-in catalogue. */
export function entryOf(row: ClaimedRow, match: Resolution, workId: string, importJobId: string): Entry {
  const { date, occurrence, rewatch, rating, sourceUri } = row.normalized;
  return {
    workId,
    ...placeIn(row, match),
    date,
    occurrence,
    rewatch,
    rating,
    sourceUri,
    importJobId,
    rowNumber: row.rowNumber,
  };
}

/** Which episode: what an id said, else what the title says when it is read as a series, else what stands in the row. */
export function placeIn(
  row: ClaimedRow,
  match: Resolution,
): Pick<Entry, "season" | "episode" | "episodeTitle"> {
  const { normalized } = row;
  if (match.episode) return { ...match.episode, episodeTitle: normalized.episodeTitle };
  const reading = match.mediaType === "tv" ? normalized.seriesReading : undefined;
  const { season, episode, episodeTitle } = reading ?? normalized;
  return { season, episode, episodeTitle };
}

/** How a title was found, kept with the row for its drawer. Candidates stay only where a person has to choose. */
export function matchSummary(match: Resolution) {
  const { mediaType, tmdbId, imdbId, score, strategy, reason, candidates } = match;
  const found =
    candidates.find((candidate) => candidate.tmdbId === tmdbId && candidate.mediaType === mediaType) ??
    candidates[0];
  const differs = differencesOf(match);
  return {
    mediaType,
    tmdbId,
    imdbId,
    score,
    strategy,
    reason,
    title: found?.title ?? null,
    year: found?.year ?? null,
    ...(differs.length > 0 ? { differs } : {}),
  };
}

/** The row's effect is in the catalogue. */
export function written(row: ClaimedRow, match: Resolution, workId: string): RowOutcome {
  return {
    rowNumber: row.rowNumber,
    status: "success",
    outcome: { match: matchSummary(match) },
    workId,
    targetRecordId: workId,
  };
}

/** The same effect stands there already: from this file, or from elsewhere. */
export function duplicate(
  row: ClaimedRow,
  match: Resolution,
  importJobId: string,
  existing: Existing,
): RowOutcome {
  const inFile = existing.importJobId === importJobId;
  const origin = inFile
    ? `Row ${existing.rowNumber} of this file has already written it, under another spelling.`
    : "The catalogue has this already.";
  return {
    rowNumber: row.rowNumber,
    status: "skipped",
    errorCode: inFile ? "DUPLICATE_IN_FILE" : "DUPLICATE_IN_CATALOGUE",
    errorMessage: origin,
    outcome: { match: matchSummary(match), duplicateOf: existing },
    workId: existing.workId,
    targetRecordId: existing.workId,
  };
}
