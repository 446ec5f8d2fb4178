/** A title as one of the two sides names it. */
export interface ComparedTitle {
  imdbId: string;
  title: string;
  year: number | null;
  workId: string | null;
}

export type Side = "both" | "list" | "event";

export interface ComparedRow extends ComparedTitle {
  side: Side;
}

/**
 * Which titles an award list and an event have in common, and which one of them alone has (L-07). Two ids are one title where
 * both are linked to the same work.
 *
 * @returns titles of the list in its order, then those of the event alone
 */
export function compareTitles(
  list: readonly ComparedTitle[],
  event: readonly ComparedTitle[],
): ComparedRow[] {
  const keysOf = ({ imdbId, workId }: ComparedTitle) =>
    workId === null ? [imdbId] : [imdbId, `work ${workId}`];
  const inEvent = new Set(event.flatMap(keysOf));
  const inList = new Set(list.flatMap(keysOf));
  return [
    ...list.map(
      (one): ComparedRow => ({ ...one, side: keysOf(one).some((key) => inEvent.has(key)) ? "both" : "list" }),
    ),
    ...event
      .filter((one) => !keysOf(one).some((key) => inList.has(key)))
      .map((one): ComparedRow => ({ ...one, side: "event" })),
  ];
}
