import type { Adapter, FormatId, SourceId } from "./adapter.ts";
import { letterboxd } from "./letterboxd.ts";
import { template } from "./template.ts";

/** Every source and the formats that are read of it. A source without formats is known by name only. */
export const sources: Readonly<Record<SourceId, { label: string; formats: readonly Adapter[] }>> = {
  letterboxd: { label: "Letterboxd", formats: letterboxd },
  netflix: { label: "Netflix", formats: [] },
  imdb: { label: "IMDb", formats: [] },
  tvtime: { label: "TV Time", formats: [] },
  simkl: { label: "Simkl", formats: [] },
  template: { label: "Template", formats: [template] },
};

/** Every format, sources in their order. */
export const adapters: readonly Adapter[] = Object.values(sources).flatMap((source) => source.formats);

/** The adapter of a format. */
export function adapterOf(format: FormatId): Adapter {
  const adapter = adapters.find((candidate) => candidate.id === format);
  if (adapter === undefined) throw new Error(`No adapter for the format ${format}`);
  return adapter;
}
