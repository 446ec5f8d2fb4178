import type { ClaimedRow } from "#app/imports/rows.server.ts";
import { requestKey, type TitleRequest } from "#app/matching/resolution.ts";

/** Rows that ask for the same title: one look-up serves them all. */
export interface TitleGroup {
  request: TitleRequest;
  rows: ClaimedRow[];
}

/** What a row asks the matcher. An episode that is named with its show is looked for by the show. */
function requestOf(row: ClaimedRow): TitleRequest {
  const { title, yearHint, kind, ids, seriesReading, episodeTitle, season } = row.normalized;
  const key = requestKey(row.titleKey, ids, kind);
  const isEpisode = kind === "tv" && Boolean(ids.imdb) && episodeTitle !== null && season === null;
  return {
    key,
    query: {
      title: isEpisode && seriesReading ? seriesReading.show : title,
      year: isEpisode ? null : yearHint,
      kind,
    },
    ids,
    seriesTitle: kind === "tv" ? null : (seriesReading?.show ?? null),
    onlyById: isEpisode && !seriesReading,
  };
}

/** Rows by what they ask for, in the order of their first row. */
export function groupByTitle(rows: ClaimedRow[]): TitleGroup[] {
  const groups = new Map<string, TitleGroup>();
  for (const row of rows) {
    const request = requestOf(row);
    const group = groups.get(request.key) ?? { request, rows: [] };
    group.rows.push(row);
    groups.set(request.key, group);
  }
  return [...groups.values()];
}
