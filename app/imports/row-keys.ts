import { requestKey } from "#app/matching/resolution.ts";
import { titleKey } from "#app/matching/title.ts";
import type { NormalizedRow } from "./normalized-row.ts";

/** Key of the title that a row names: rows with the same key need one look-up. See `titleKey`. */
export const titleKeyOf = (row: Pick<NormalizedRow, "title" | "yearHint" | "kind">): string =>
  titleKey(row.title, row.yearHint, row.kind);

/**
 * Key of the effect that a row asks for (I-08): two rows with the same key are one viewing, wish, rating or listing.
 *
 * Readable, `the matrix|1999|movie|2024-02-08|||1|viewing`, and short: at most 400 characters, because `titleKey` cuts
 * long titles and puts a hash in. A row with a strong id is known by that (`imdb:tt2301451|…`): a list may hold many
 * episodes called "Pilot". An episode without a number is known by its title (`…|5|~mr jones|1|viewing`).
 *
 * @param title the row's title key, where the caller has it already
 */
export function dedupeKey(row: NormalizedRow, title: string = titleKeyOf(row)): string {
  const subject = requestKey(title, row.ids, row.kind);
  const episode = row.episode ?? (row.episodeTitle === null ? "" : `~${episodeKey(row.episodeTitle)}`);
  return `${subject}|${row.date ?? ""}|${row.season ?? ""}|${episode}|${row.occurrence}|${row.intent}`;
}

/** The title key without year and kind, which episodes have not. */
const episodeKey = (episodeTitle: string): string => titleKey(episodeTitle, null, null).slice(0, -2);
