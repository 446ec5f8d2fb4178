import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ingestMovie } from "#app/works/ingest-movie.server.ts";
import { findWork } from "#app/works/work-detail.server.ts";
import { findWorkExtras } from "#app/works/work-extras.server.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";
import { filmDesk } from "#tests/works/film-desk.ts";

/** A recorded body, as far as these tests look into it. */
interface Film {
  id: number;
  imdb_id: string | null;
  title: string;
  original_title: string;
  original_language: string;
  release_date: string;
  runtime: number | null;
  tagline: string;
  overview: string;
  budget: number;
  revenue: number;
  vote_average: number | string;
  vote_count: number;
  poster_path: string | null;
  backdrop_path: string | null;
  genres: { name: string }[];
  production_companies: { id: number; name: string }[];
  production_countries: { iso_3166_1: string }[];
  credits?: { cast: Person[]; crew: Person[] };
  videos?: { results: { key: string; site: string }[] };
  images?: { backdrops: { file_path: string }[] };
  keywords?: { keywords: { name: string }[] };
  similar?: { results: { id: number; title: string }[] };
  release_dates?: { results: { iso_3166_1: string; release_dates: { certification: string }[] }[] };
  "watch/providers"?: { results: Record<string, unknown> };
}
interface Person {
  id: number;
  name: string;
  gender?: number;
  character?: string;
  job?: string;
  profile_path: string | null;
}

const folder = join(sharedFixtures ?? "", "tmdb");
const read = (name: string): Film => JSON.parse(readFileSync(join(folder, name), "utf8"));
const part = (name: string): Record<string, unknown> => {
  const { id: _id, ...body } = JSON.parse(readFileSync(join(folder, name), "utf8"));
  return body;
};

/** Films of which every part was recorded, some of them on their own. */
const COMPOSED: [string, () => Film][] = sharedFixtures
  ? [
      ["47964", () => composed("movie__47964.json", 47964)],
      ["550", () => composed("movie__550.json", 550)],
    ]
  : [];

function composed(details: string, id: number): Film {
  const parts = {
    credits: `movie_credits__${id}.json`,
    videos: `movie_videos__${id}.json`,
    images: `movie_images__${id}.json`,
    keywords: `movie_keywords__${id}.json`,
    similar: `movie_similar__${id}.json`,
    release_dates:
      id === 550 ? "movie_release_dates__550__leandcesar.json" : `movie_release_dates__${id}.json`,
    "watch/providers":
      id === 550 ? "movie_watch_providers__550__chiiya.json" : `movie_watch_providers__${id}.json`,
    external_ids: "movie_external_ids__335984.json",
    alternative_titles: `movie_alternative_titles__${id}${id === 550 ? "" : "__country_US"}.json`,
  };
  const bodies = Object.entries(parts).map(([name, file]) => [name, part(file)]);
  return { ...read(details), ...Object.fromEntries(bodies) };
}

const RECORDED: [string, () => Film][] = sharedFixtures
  ? readdirSync(folder)
      .filter((name) => name.startsWith("movie__"))
      .map((name) => [name, () => read(name)])
  : [];

const known = <T>(value: T | "" | 0): T | null => (value === "" || value === 0 ? null : value);

describe.skipIf(!sharedFixtures)(
  "T-03 recorded films are stored, and what they hold is found in the tables",
  async () => {
    const desk = await filmDesk();

    async function ingested(body: Film) {
      desk.answerFilm(body.id, body);
      const outcome = await ingestMovie(desk.ctx, body.id);
      expect(outcome).toMatchObject({ outcome: "stored", isNew: true });
      expect(desk.calls()).toHaveLength(1);
      const [work] = await desk.works();
      const meta = await desk.meta(work!.work_id);
      return { work: work!, meta: meta! };
    }

    it.each([...RECORDED, ...COMPOSED])("%s", async (_name, load) => {
      const body = load();
      const { work, meta } = await ingested(body);
      expect(work).toMatchObject({
        tmdb_id: body.id,
        imdb_id: known(body.imdb_id),
        title: body.title,
        original_title: body.original_title,
        original_language: body.original_language,
        release_date: known(body.release_date),
        year: Number(body.release_date.slice(0, 4)),
        ingestion_status: "complete",
      });
      expect(meta).toMatchObject({
        runtime_minutes: known(body.runtime),
        tagline: known(body.tagline),
        overview: known(body.overview),
        genres: body.genres.map((genre) => genre.name),
        budget: body.budget === 0 ? null : String(body.budget),
        revenue_worldwide: body.revenue === 0 ? null : String(body.revenue),
        production_countries: body.production_countries.map((country) => country.iso_3166_1),
        production_companies: body.production_companies.map(({ id, name }) =>
          expect.objectContaining({ id, name }),
        ),
      });
      const base = desk.sandbox.tmdbImageUrl;
      expect(meta.poster_url_large).toBe(body.poster_path && `${base}/w500${body.poster_path}`);
      expect(meta.backdrop_url_mobile).toBe(body.backdrop_path && `${base}/w780${body.backdrop_path}`);
    });

    it.each([...RECORDED, ...COMPOSED])(
      "%s: people, videos, stills, keywords, providers",
      async (_name, load) => {
        const body = load();
        const { meta } = await ingested(body);
        const cast = (meta.cast_members as { person_id: number }[]).map((one) => one.person_id);
        expect(cast).toEqual((body.credits?.cast ?? []).map((one) => one.id));
        const jobs = (list: { id: number; job?: string }[]) =>
          new Set(list.map((one) => `${one.id} ${one.job}`));
        const crew = meta.crew_members as { person_id: number; job: string }[];
        expect(jobs(crew.map((one) => ({ id: one.person_id, job: one.job })))).toEqual(
          jobs(body.credits?.crew ?? []),
        );
        const keys = new Set((body.videos?.results ?? []).map((video) => video.key));
        expect(new Set((meta.trailers as { key: string }[]).map((video) => video.key))).toEqual(keys);
        const stills = (body.images?.backdrops ?? [])
          .slice(0, 30)
          .map((image) => expect.stringContaining(image.file_path));
        expect(meta.still_images).toEqual(stills);
        expect(meta.keywords).toEqual((body.keywords?.keywords ?? []).map((keyword) => keyword.name));
        const providers = Object.keys(body["watch/providers"]?.results ?? {}).sort();
        expect(Object.keys(meta.streaming).sort()).toEqual(providers);
      },
    );

    it.each([...RECORDED, ...COMPOSED])("%s: similar films, certification, rating", async (_name, load) => {
      const body = load();
      const { work, meta } = await ingested(body);
      const similar = await desk.db.selectFrom("similar_movies").selectAll().orderBy("rank_order").execute();
      const listed = (body.similar?.results ?? []).slice(0, 10);
      expect(similar.map((film) => [film.rank_order, film.similar_tmdb_id, film.title, film.source])).toEqual(
        listed.map((film, at) => [at + 1, film.id, film.title, "tmdb"]),
      );
      const american = body.release_dates?.results.find((country) => country.iso_3166_1 === "US");
      const certifications = (american?.release_dates ?? [])
        .map((release) => release.certification)
        .filter(Boolean);
      if (certifications.length === 0) expect(meta.certification).toBeNull();
      else expect(certifications).toContain(meta.certification);
      const rating = await desk.db
        .selectFrom("rating_sources")
        .select(["source_name", "value_0_100", "votes_count"])
        .where("work_id", "=", work.work_id)
        .executeTakeFirst();
      if (Number(body.vote_count) === 0) expect(rating).toBeUndefined();
      else {
        expect(rating).toMatchObject({ source_name: "TMDB", votes_count: body.vote_count });
        expect(Number(rating!.value_0_100)).toBeCloseTo(Number(body.vote_average) * 10, 2);
      }
    });

    it.each([...RECORDED, ...COMPOSED])("%s: the work page reads all of it again", async (_name, load) => {
      const body = load();
      const { work } = await ingested(body);
      const page = {
        ...(await findWork(desk.db, work.work_id)),
        ...(await findWorkExtras(desk.db, work.work_id)),
      };
      expect(page).toMatchObject({
        title: body.title,
        originalTitle: body.original_title,
        releaseDate: known(body.release_date),
        imdbId: known(body.imdb_id),
        budget: known(body.budget),
        revenue: known(body.revenue),
        companies: body.production_companies.map(({ name }) => name),
        countries: body.production_countries.map((country) => country.iso_3166_1),
        meta: {
          runtimeMinutes: known(body.runtime),
          tagline: known(body.tagline),
          overview: known(body.overview),
          genres: body.genres.map((genre) => genre.name),
        },
      });
      const names = (people: { name: string }[]) => new Set(people.map(({ name }) => name));
      expect(names(page.cast)).toEqual(names(body.credits?.cast ?? []));
      expect(names(page.crew)).toEqual(names(body.credits?.crew ?? []));
      expect(new Set(page.keywords)).toEqual(
        new Set((body.keywords?.keywords ?? []).map(({ name }) => name)),
      );
      expect(page.videos).toHaveLength(
        (body.videos?.results ?? []).filter(({ site }) => ["YouTube", "Vimeo"].includes(site)).length,
      );
      expect(page.similar.map(({ title }) => title)).toEqual(
        (body.similar?.results ?? []).slice(0, 10).map(({ title }) => title),
      );
      expect(page.score === null).toBe(Number(body.vote_count) === 0);
    });

    it("keep a person's gender, character, job and photos in three sizes", async () => {
      const body = COMPOSED[1]![1]();
      const { meta } = await ingested(body);
      const first = body.credits!.cast[0]!;
      const photo = (size: string) => `${desk.sandbox.tmdbImageUrl}/${size}${first.profile_path}`;
      expect(meta.cast_members[0]).toEqual({
        person_id: first.id,
        name: first.name,
        gender: first.gender,
        character: first.character,
        order: 0,
        photo_url_small: photo("w45"),
        photo_url_medium: photo("w185"),
        photo_url_large: photo("h632"),
      });
      expect(meta.crew_members[0]).toMatchObject({
        name: "David Fincher",
        job: "Director",
        department: "Directing",
      });
      expect(meta.certification).toBe("R");
      expect(meta.runtime_display).toBe("2 h 19 min");
      expect(meta.overview_short!.length).toBeLessThanOrEqual(200);
    });

    it("are stored again without a change, and only what changed is noted", async () => {
      const body = COMPOSED[1]![1]();
      await ingested(body);
      expect(await ingestMovie(desk.ctx, body.id, { fresh: true })).toMatchObject({ changes: [] });
      desk.sandbox.control.clearFaults();
      desk.answerFilm(body.id, {
        ...body,
        vote_count: body.vote_count + 17,
        runtime: 140,
        tagline: "",
        keywords: { keywords: [...body.keywords!.keywords.slice(1), { id: 1, name: "new word" }] },
      });
      const changes = [
        { field: "runtime_minutes", before: 139, after: 140 },
        { field: "tagline", before: body.tagline, after: null },
        { field: "keywords", before: [body.keywords!.keywords[0]!.name], after: ["new word"] },
      ];
      const again = await ingestMovie(desk.ctx, body.id, { fresh: true });
      expect(again).toMatchObject({ outcome: "stored", isNew: false });
      const byField = (list: { field: string }[]) => list.toSorted((a, b) => a.field.localeCompare(b.field));
      expect(again.outcome === "stored" && byField(again.changes)).toEqual(byField(changes));
      const noted = await desk.db.selectFrom("work_changes").selectAll().execute();
      expect(noted).toHaveLength(1);
      expect(noted[0]).toMatchObject({
        source: "tmdb",
        changes: Object.fromEntries(changes.map(({ field, before, after }) => [field, { before, after }])),
      });
    });
  },
);
