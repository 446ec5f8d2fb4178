import { titleKey } from "#app/matching/title.ts";
import type { NormalizedRow } from "./normalized-row.ts";

/** Key of the title that a row names: rows with the same key need one look-up. See `titleKey`. */
export const titleKeyOf = (row: Pick<NormalizedRow, "title" | "yearHint" | "kind">): string =>
  titleKey(row.title, row.yearHint, row.kind);

/**
 * Key of the effect that a row asks for (I-08): two rows with the same key are one viewing, wish, rating or listing.
 *
 * Readable, `the matrix|1999|movie|2024-02-08|||1|viewing`, and short: at most 260 characters, because `titleKey` cuts
 * long titles and puts a hash in.
 *
 * @param title the row's title key, where the caller has it already
 */
export function dedupeKey(row: NormalizedRow, title: string = titleKeyOf(row)): string {
  return `${title}|${row.date ?? ""}|${row.season ?? ""}|${row.episode ?? ""}|${row.occurrence}|${row.intent}`;
}
