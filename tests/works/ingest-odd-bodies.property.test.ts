import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { MOVIE_PARTS } from "#app/upstreams/tmdb/client.server.ts";
import { movieDetails } from "#app/upstreams/tmdb/shapes.ts";
import { ingestMovie } from "#app/works/ingest-movie.server.ts";
import { filmDesk } from "#tests/works/film-desk.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const desk = await filmDesk();
const MATRIX = 603;

/** What TMDB has been seen to send, or might, where something else belongs. */
const odd: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null, "", " ", 0, -1, 0.5, 1e300, 2 ** 53, 2 ** 31, "12.5", "-3", "tt1", "0000-01-01", "2026-02-30", "9999-12-31",
  "a\u0000b", "\ud800", "\udc00x", "'; drop table works", true, [], {}, [null], [[]], { id: null }, "x".repeat(5_000),
); // biome-ignore format: a list of values

/** Leads to a place in a body: at each level, one of its keys or entries. */
const path = fc.array(fc.nat(), { minLength: 1, maxLength: 6 });
const change = fc.record({ path, value: fc.option(odd, { nil: undefined }) });

/** The body with something else at that place; without a value the place is gone. */
function changed(body: Json, [step, ...rest]: number[], value: Json | undefined): Json | undefined {
  if (step === undefined || typeof body !== "object" || body === null) return value;
  const keys = Object.keys(body);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const entries = Object.entries(body).flatMap(([name, old]): [string, Json][] => {
    const now = name === key ? changed(old, rest, value) : old;
    return now === undefined ? [] : [[name, now]];
  });
  return Array.isArray(body) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

async function wholeBody(): Promise<Json> {
  const { sandbox } = desk;
  const query = new URLSearchParams({
    api_key: sandbox.keys.tmdb,
    append_to_response: MOVIE_PARTS.join(","),
  });
  return (await fetch(`${sandbox.tmdbUrl}/movie/${MATRIX}?${query}`)).json() as Promise<Json>;
}

describe("T-03 films as TMDB might send them", () => {
  it("are read into the same clean form again, whatever stands in them", { timeout: 120_000 }, async () => {
    const body = await wholeBody();
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const sent = changes.reduce<Json>((now, one) => changed(now, one.path, one.value) ?? null, body);
        const read = movieDetails.safeParse(JSON.parse(JSON.stringify(sent)));
        if (!read.success) return;
        const kept = JSON.stringify(read.data);
        expect(movieDetails.parse(JSON.parse(kept))).toEqual(read.data);
        expect(kept).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
      { numRuns: 300 },
    );
  });

  it("are stored, or refused as an answer that cannot be read; the database never refuses them", {
    timeout: 180_000,
  }, async () => {
    const body = await wholeBody();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        await sql`truncate works, upstream_cache, upstream_budgets cascade`.execute(desk.db);
        desk.sandbox.control.clearFaults();
        desk.answerFilm(
          MATRIX,
          changes.reduce<Json>((now, one) => changed(now, one.path, one.value) ?? null, body),
        );
        try {
          const { outcome } = await ingestMovie(desk.ctx, MATRIX);
          expect(["stored", "merged"]).toContain(outcome);
          seen.add(outcome);
        } catch (error) {
          expect(error).toBeInstanceOf(UpstreamError);
          expect(error).toMatchObject({ code: "BAD_ANSWER" });
        }
      }),
      { numRuns: 60 },
    );
    expect(seen).toContain("stored");
  });
});
