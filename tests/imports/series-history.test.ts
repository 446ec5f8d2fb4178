import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listWorks } from "#app/works/library.server.ts";
import { importDesk } from "#tests/imports/import-desk.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";

const desk = await importDesk();

describe("S-04 a viewing history", () => {
  it.skipIf(!sharedFixtures)(
    "becomes n of total, with n the distinct episodes of the file",
    async () => {
      const job = await desk.run(readFileSync(`${sharedFixtures}/csv/netflix-history-enUS.csv`), {
        fileName: "NetflixViewingHistory.csv",
      });
      expect(job.processedRows).toBe(job.totalRows);
      const { works } = await listWorks(desk.db, { mediaType: "tv", match: "matched" }, "title", {
        limit: 100,
      });
      const fromFile = works.filter((work) => work.watchedEpisodes > 1 && work.totalEpisodes);
      expect(fromFile.length).toBeGreaterThan(0);
      for (const work of fromFile) {
        const episodes = new Set(
          job.rows
            .filter(
              (row) =>
                row.workId === work.workId &&
                (row.status === "success" || row.errorCode === "DUPLICATE_IN_FILE"),
            )
            .map((row) => row.normalized?.seriesReading ?? row.normalized)
            .filter((place) => place?.season !== 0 && (place?.episode ?? place?.episodeTitle) !== null)
            .map((place) => `${place?.season} ${place?.episode ?? place?.episodeTitle?.toLowerCase()}`),
        );
        expect([work.title, work.episodeDisplay]).toEqual([
          work.title,
          `${episodes.size}/${work.totalEpisodes} episodes`,
        ]);
      }
    },
    120_000,
  );
});
