import { describe, expect, it } from "vitest";
import { getEpisodeCount, getSeriesDetails, searchTvSeries } from "#app/works/episode-counts.server.ts";
import { importDesk } from "#tests/imports/import-desk.ts";
import { testConfig } from "#tests/setup/drain.ts";

const desk = await importDesk();
const ctx = { db: desk.db, config: testConfig(desk.env) };

describe("S-01 series at TMDB", () => {
  it.each(["Breaking Bad", "breaking bad (2008)", "BREAKING BAD"])("finds %s", async (name) => {
    expect(await searchTvSeries(ctx, name)).toMatchObject({ outcome: "match", tmdbId: 1396 });
  });

  it("leaves namesakes to a person, and says of strangers that nobody knows them", async () => {
    expect(await searchTvSeries(ctx, "The Office")).toMatchObject({ outcome: "review", tmdbId: null });
    expect(await searchTvSeries(ctx, "A Series Of No Name")).toMatchObject({
      tmdbId: null,
      reason: { code: "unknown_series" },
    });
  });

  it("reads totals without specials, and null for an id that is gone", async () => {
    const details = await getSeriesDetails(ctx, 1396);
    expect(details).toMatchObject({ totalSeasons: 5, totalEpisodes: 62 });
    expect(await getSeriesDetails(ctx, 999_999_999)).toBeNull();
  });

  it("has nothing to say of a work that is gone or of a film", async () => {
    expect(await getEpisodeCount(ctx, "999999")).toBeNull();
  });
});
