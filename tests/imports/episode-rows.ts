import { sql } from "kysely";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { dedupeKey, titleKeyOf } from "#app/imports/row-keys.ts";
import { type ImportDesk, type TakeInOptions, watched } from "#tests/imports/import-desk.ts";

export interface EpisodeRow {
  show: string;
  season: number | null;
  title: string;
  day: string;
}

/** Takes in a file whose rows say what an adapter for series would have read, whichever adapters there are. */
export async function takeInEpisodes(
  desk: ImportDesk,
  episodes: EpisodeRow[],
  options: TakeInOptions = {},
): Promise<string> {
  const lines = episodes.map(({ day }, at) => `${day},Row ${at},2000,u`);
  const jobId = await desk.takeIn(watched(...lines), options);
  const rows = episodes.map(({ show, season, title, day }, at) => {
    const normalized: NormalizedRow = {
      title: show,
      date: day,
      yearHint: null,
      kind: "tv",
      intent: "viewing",
      season,
      episode: null,
      episodeTitle: title,
      rating: null,
      rewatch: false,
      occurrence: 1,
      sourceUri: null,
      ids: {},
    };
    const key = titleKeyOf(normalized);
    return { number: at + 1, normalized, key, dedupe: `${dedupeKey(normalized, key)}|${title}` };
  });
  await sql`
    update import_rows set normalized_payload = row.normalized, title_key = row.key, dedupe_key = row.dedupe
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (number int, normalized jsonb, key text, dedupe text)
    where job_id = ${jobId}::uuid and row_number = row.number`.execute(desk.db);
  return jobId;
}

/** So many episodes of each of these seasons, the newest first, as exports have them. */
export function episodesOf(show: string, seasons: (number | null)[], each: number): EpisodeRow[] {
  return seasons
    .flatMap((season, at) =>
      Array.from({ length: each }, (_, episode) => ({
        show,
        season,
        title: `Part ${episode + 1}`,
        day: `2025-0${at + 1}-${String(episode + 1).padStart(2, "0")}`,
      })),
    )
    .reverse();
}
