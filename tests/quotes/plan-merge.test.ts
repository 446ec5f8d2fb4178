import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReadQuote } from "#app/quotes/parse-quotes.ts";
import { type MergePlan, planMerge, type StoredQuote } from "#app/quotes/plan-merge.ts";
import { wordsOf } from "#app/quotes/words.ts";

const same = (words: string) => words;
const read = (imdbQuoteId: string | null, text: string): ReadQuote => ({
  imdbQuoteId,
  lines: [{ type: "dialogue", character: "Vera", text }],
});

let nextId = 1;

/** What the database does with a plan. */
function carryOut(stored: readonly StoredQuote[], plan: MergePlan): StoredQuote[] {
  const updates = new Map(plan.update.map(({ quoteId, quote }) => [quoteId, quote]));
  const kept = stored.map((one) => {
    const quote = updates.get(one.quoteId);
    if (!quote) return one;
    const wordsKey = wordsOf(quote.lines);
    const imdbQuoteId = quote.imdbQuoteId ?? one.imdbQuoteId;
    return { ...one, imdbQuoteId, lines: quote.lines, wordsKey, sourceWordsKey: wordsKey };
  });
  return [...kept, ...plan.create.map((quote) => asStored(quote))];
}

function asStored(quote: ReadQuote, changes: Partial<StoredQuote> = {}): StoredQuote {
  const wordsKey = wordsOf(quote.lines);
  return {
    quoteId: String(nextId++),
    source: "imdb",
    imdbQuoteId: quote.imdbQuoteId,
    wordsKey,
    sourceWordsKey: wordsKey,
    isEdited: false,
    isDeleted: false,
    lines: quote.lines,
    ...changes,
  };
}

const byHand = (text: string) => asStored(read(null, text), { source: "manual", sourceWordsKey: null });
const counts = (plan: MergePlan) => [plan.create.length, plan.update.length, plan.unchanged, plan.skipped];

describe("Q-05 merging", () => {
  it("creates what is new, updates what has changed, leaves what is the same", () => {
    const stored = [asStored(read("qt0000001", "One.")), asStored(read("qt0000002", "Two."))];
    const plan = planMerge(
      stored,
      [read("qt0000001", "One."), read("qt0000002", "Two, then."), read("qt0000003", "Three.")],
      same,
    );
    expect(counts(plan)).toEqual([1, 1, 1, 0]);
    expect(plan.update[0]).toMatchObject({ quoteId: stored[1]!.quoteId });
  });

  it("keeps what was written down by hand with the same words", () => {
    const plan = planMerge([byHand("one!")], [read("qt0000001", "One."), read(null, "ONE")], same);
    expect(counts(plan)).toEqual([0, 0, 0, 2]);
  });

  it("leaves edited and deleted quotes alone, by their id and by IMDb's words", () => {
    const edited = asStored(read("qt0000001", "Mine."), {
      isEdited: true,
      sourceWordsKey: wordsOf(read(null, "One.").lines),
    });
    const deleted = asStored(read(null, "Two."), { isDeleted: true });
    const plan = planMerge(
      [edited, deleted],
      [read("qt0000001", "One."), read("qt0000009", "One."), read("qt0000002", "Two.")],
      same,
    );
    expect(counts(plan)).toEqual([0, 0, 0, 3]);
  });

  it("gives a quote that had no id the one that IMDb names now", () => {
    const stored = asStored(read(null, "One."));
    const plan = planMerge([stored], [read("qt0000001", "One.")], same);
    expect(plan.update).toEqual([{ quoteId: stored.quoteId, quote: read("qt0000001", "One.") }]);
  });

  it("takes a quote once that the page has twice", () => {
    const page = [
      read("qt0000001", "One."),
      read("qt0000001", "Other."),
      read("qt0000002", "ONE"),
      read(null, "one"),
    ];
    expect(counts(planMerge([], page, same))).toEqual([1, 0, 0, 3]);
  });

  const text = fc.constantFrom("One.", "one", "Two.", "Three.", "…");
  const id = fc.constantFrom(null, "qt0000001", "qt0000002", "qt0000003");
  const page = fc.array(fc.tuple(id, text), { maxLength: 6 });
  const deed = fc.oneof(
    fc.record({ kind: fc.constant("fetch" as const), page }),
    fc.record({ kind: fc.constant("add" as const), text }),
    fc.record({ kind: fc.constant("edit" as const), at: fc.nat(9), text }),
    fc.record({ kind: fc.constant("delete" as const), at: fc.nat(9) }),
  );

  it("after any history the same page read again changes nothing, and no hand's work is lost", () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 8 }), (history) => {
        let stored: StoredQuote[] = [];
        for (const step of history) {
          if (step.kind === "add") stored.push(byHand(step.text));
          else if (step.kind === "fetch") {
            const quotes = step.page.map(([quoteId, said]) => read(quoteId, said));
            const before = stored;
            stored = carryOut(stored, planMerge(stored, quotes, same));
            const again = planMerge(stored, quotes, same);
            expect([again.create, again.update]).toEqual([[], []]);
            // Whatever a hand was in stands as it did.
            const kept = (all: StoredQuote[]) =>
              all.filter((one) => one.source === "manual" || one.isEdited || one.isDeleted);
            expect(kept(stored)).toEqual(kept(before));
            const ids = stored.flatMap((one) => one.imdbQuoteId ?? []);
            expect(new Set(ids).size).toBe(ids.length);
          } else if (stored.length > 0) {
            const at = step.at % stored.length;
            const one = stored[at]!;
            if (one.isDeleted) continue;
            if (step.kind === "delete" && one.source === "manual") stored = stored.toSpliced(at, 1);
            else if (step.kind === "delete") stored = stored.with(at, { ...one, isDeleted: true, lines: [] });
            else {
              const { lines } = read(null, step.text);
              const isEdited = one.source === "imdb";
              stored = stored.with(at, { ...one, lines, wordsKey: wordsOf(lines), isEdited });
            }
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
