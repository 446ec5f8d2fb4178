import type { QuoteLine } from "#app/quotes/line-type.ts";
import type { ReadQuote } from "#app/quotes/parse-quotes.ts";
import { nameKey, wordsOf } from "#app/quotes/words.ts";

/** A quote as it stands with a film, also one that was deleted. */
export interface StoredQuote {
  quoteId: string;
  source: "imdb" | "manual";
  imdbQuoteId: string | null;
  /** Of its words as they are now, and as IMDb had them when they were last taken over. */
  wordsKey: string;
  sourceWordsKey: string | null;
  isEdited: boolean;
  isDeleted: boolean;
  lines: QuoteLine[];
}

export interface MergePlan {
  create: ReadQuote[];
  /** What stands is to become what IMDb has; a quote that had no id there may get one. */
  update: { quoteId: string; quote: ReadQuote }[];
  /** As they are already. */
  unchanged: number;
  /**
   * Left out: written down by hand with the same words, edited or deleted by somebody, or on the page twice.
   */
  skipped: number;
}

/**
 * Decides what a fetch changes. First every quote whose id is known; then, against what that leaves, the others by their
 * words, those with an id before those without. In this order the same page read again finds nothing to do.
 *
 * @param keyOf makes the key of words, as `wordsKey` of what is stored was made
 */
export function planMerge(
  stored: readonly StoredQuote[],
  read: readonly ReadQuote[],
  keyOf: (words: string) => string,
): MergePlan {
  const plan: MergePlan = { create: [], update: [], unchanged: 0, skipped: 0 };
  const byId = new Map(
    stored.flatMap((each) => (each.imdbQuoteId ? [[each.imdbQuoteId, each] as const] : [])),
  );
  const seen = new Set<string>();
  const others: ReadQuote[] = [];
  const movedTo = new Map<string, string>();
  for (const quote of read) {
    const known = quote.imdbQuoteId === null ? undefined : byId.get(quote.imdbQuoteId);
    if (quote.imdbQuoteId !== null && seen.has(quote.imdbQuoteId)) plan.skipped += 1;
    else if (known === undefined) others.push(quote);
    else {
      takeOver(plan, known, quote);
      if (!isKept(known)) movedTo.set(known.quoteId, keyOf(wordsOf(quote.lines)));
    }
    if (quote.imdbQuoteId !== null) seen.add(quote.imdbQuoteId);
  }
  mergeByWords(plan, indexOf(stored, movedTo), others, keyOf);
  return plan;
}

/** Somebody has had a hand in it: IMDb does not change it any more. */
const isKept = (one: StoredQuote): boolean => one.source === "manual" || one.isEdited || one.isDeleted;

function takeOver(plan: MergePlan, known: StoredQuote, quote: ReadQuote): void {
  if (isKept(known)) plan.skipped += 1;
  else if (known.imdbQuoteId === quote.imdbQuoteId && isSame(known.lines, quote.lines)) plan.unchanged += 1;
  else plan.update.push({ quoteId: known.quoteId, quote });
}

function isSame(left: readonly QuoteLine[], right: readonly QuoteLine[]): boolean {
  return (
    left.length === right.length &&
    left.every((line, at) => {
      const other = right[at];
      return (
        line.type === other?.type &&
        line.text === other.text &&
        (line.character === null ? null : nameKey(line.character)) ===
          (other.character === null ? null : nameKey(other.character))
      );
    })
  );
}

/** What stands by its words. What somebody had a hand in goes before the rest, and is known by IMDb's words as well. */
function indexOf(
  stored: readonly StoredQuote[],
  movedTo: ReadonlyMap<string, string>,
): Map<string, StoredQuote | "taken"> {
  const index = new Map<string, StoredQuote | "taken">();
  for (const one of stored.filter((each) => !isKept(each)))
    index.set(movedTo.get(one.quoteId) ?? one.wordsKey, one);
  for (const one of stored.filter(isKept)) {
    if (!one.isDeleted) index.set(one.wordsKey, one);
    if (one.sourceWordsKey !== null) index.set(one.sourceWordsKey, one);
  }
  return index;
}

function mergeByWords(
  plan: MergePlan,
  index: Map<string, StoredQuote | "taken">,
  quotes: readonly ReadQuote[],
  keyOf: (words: string) => string,
): void {
  const idsFirst = [
    ...quotes.filter((each) => each.imdbQuoteId !== null),
    ...quotes.filter((each) => each.imdbQuoteId === null),
  ];
  for (const quote of idsFirst) {
    const key = keyOf(wordsOf(quote.lines));
    const found = index.get(key);
    if (found === undefined) plan.create.push(quote);
    // Another quote of IMDb's with an id of its own, or one that this page has had before.
    else if (found === "taken" || found.imdbQuoteId !== null) plan.skipped += 1;
    else takeOver(plan, found, quote);
    index.set(key, found !== undefined && found !== "taken" && isKept(found) ? found : "taken");
  }
}
