import type { Adapter, FormatId, SourceId } from "./adapter.ts";
import { imdb } from "./imdb.ts";
import { letterboxd } from "./letterboxd.ts";
import { letterboxdImport } from "./letterboxd-import.ts";
import { netflixActivity } from "./netflix-activity.ts";
import { netflixHistory } from "./netflix-history.ts";
import { simkl } from "./simkl.ts";
import { template } from "./template.ts";
import { templateShows } from "./template-shows.ts";
import { tvtimeExtension } from "./tvtime-extension.ts";
import { tvtimeRecords } from "./tvtime-records.ts";
import { tvtimeRecordsV2 } from "./tvtime-records-v2.ts";
import { tvtimeSeenEpisodes } from "./tvtime-seen-episodes.ts";

/** Every source and the formats that are read of it. Trakt is not among them: its export is JSON, and no CSV is documented. */
export const sources: Readonly<Record<SourceId, { label: string; formats: readonly Adapter[] }>> = {
  letterboxd: { label: "Letterboxd", formats: [...letterboxd, letterboxdImport] },
  netflix: { label: "Netflix", formats: [netflixHistory, netflixActivity] },
  imdb: { label: "IMDb", formats: imdb },
  tvtime: {
    label: "TV Time",
    formats: [tvtimeRecordsV2, tvtimeRecords, tvtimeSeenEpisodes, ...tvtimeExtension],
  },
  simkl: { label: "Simkl", formats: [simkl] },
  template: { label: "Template", formats: [template, templateShows] },
};

/** Every format, sources in their order. */
export const adapters: readonly Adapter[] = Object.values(sources).flatMap((source) => source.formats);

/** The adapter of a format. */
export function adapterOf(format: FormatId): Adapter {
  const adapter = adapters.find((candidate) => candidate.id === format);
  if (adapter === undefined) throw new Error(`No adapter for the format ${format}`);
  return adapter;
}
