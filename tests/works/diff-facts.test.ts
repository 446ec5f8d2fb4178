import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffFacts, type FactsSnapshot } from "#app/works/diff-facts.ts";

const text = fc.option(fc.string({ unit: "grapheme", maxLength: 400 }), { nil: null });
const number = fc.option(fc.nat(), { nil: null });
const list = fc.array(fc.string({ maxLength: 400 }), { maxLength: 40 });

const snapshot: fc.Arbitrary<FactsSnapshot> = fc.record({
  title: fc.string(),
  original_title: text,
  original_language: text,
  release_date: text,
  imdb_id: text,
  runtime_minutes: number,
  total_seasons: number,
  total_episodes: number,
  tagline: text,
  overview: text,
  certification: text,
  poster: text,
  backdrop: text,
  budget: number,
  revenue_worldwide: number,
  rating: number,
  genres: list,
  cast: list,
  crew: list,
  trailers: list,
  keywords: list,
  production_companies: list,
  production_countries: list,
  streaming: list,
});

describe("T-05 what changed in a film", () => {
  it("nothing, when nothing did, whatever the order of lists", () => {
    fc.assert(
      fc.property(snapshot, (facts) => {
        expect(diffFacts(facts, facts)).toEqual([]);
        expect(diffFacts(facts, { ...facts, cast: facts.cast.toReversed() })).toEqual([]);
      }),
    );
  });

  it("exactly the fields that differ, and there and back say the same the other way round", () => {
    fc.assert(
      fc.property(snapshot, snapshot, (before, after) => {
        const there = diffFacts(before, after);
        const differ = (Object.keys(before) as (keyof FactsSnapshot)[]).filter((field) => {
          const [old, now] = [before[field], after[field]];
          if (!Array.isArray(old) || !Array.isArray(now)) return old !== now;
          return new Set(old).symmetricDifference(new Set(now)).size > 0;
        });
        expect(there.map((change) => change.field).toSorted()).toEqual(differ.toSorted());
        const back = diffFacts(after, before);
        const reversed = there.map(({ field, before: old, after: now }) => ({
          field,
          before: now,
          after: old,
        }));
        const byField = (a: { field: string }, b: { field: string }) => a.field.localeCompare(b.field);
        expect(back.toSorted(byField)).toEqual(reversed.toSorted(byField));
      }),
    );
  });

  it("stays small enough to keep", () => {
    fc.assert(
      fc.property(snapshot, snapshot, (before, after) => {
        for (const change of diffFacts(before, after))
          for (const side of [change.before, change.after]) {
            const entries = Array.isArray(side) ? side : [String(side)];
            expect(entries.length).toBeLessThanOrEqual(11);
            for (const entry of entries) expect(Array.from(entry).length).toBeLessThanOrEqual(300);
          }
      }),
    );
  });
});
