import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCard } from "#app/works/card.server.ts";
import { noteLostFile } from "#app/works/images/lost-file.server.ts";
import { pruneImages } from "#app/works/images/prune-images.server.ts";
import { rehostImages } from "#app/works/images/rehost-images.server.ts";
import { sweepImages } from "#app/works/images/sweep-images.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue, testConfig } from "#tests/setup/drain.ts";
import { picture, send, startImageHost } from "#tests/works/image-host.ts";

const { db, pool, url } = await testDatabase();
const host = await startImageHost();
const folder = await mkdtemp(join(tmpdir(), "reeldesk-images-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const env = {
  DATA_DIR: folder,
  TMDB_API_KEY: "0".repeat(32),
  TMDB_IMAGE_BASE_URL: `${host.url}/t/p`,
  YOUTUBE_IMAGE_BASE_URL: `${host.url}/vi`,
};
const config = testConfig(env);
const ctx = { db, config };

const tmdb = (path: string) => `${host.url}/t/p/${path}`;
const person = (name: string, photo: string | null) => ({
  name,
  character: null,
  photo_url_medium: photo && tmdb(`w185/${photo}`),
});

interface Pictures {
  poster?: string;
  cast?: ReturnType<typeof person>[];
  stills?: string[];
  thumbnail?: string;
}

let works = 0;
async function addWork(pictures: Pictures): Promise<string> {
  const title = `Film ${++works}`;
  const { work_id } = await db
    .insertInto("works")
    .values({ media_type: "movie", title, title_key: title })
    .returning("work_id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("works_meta")
    .values({ work_id, ...columnsOf(pictures) })
    .execute();
  return work_id;
}

const columnsOf = ({ poster, cast = [], stills = [], thumbnail }: Pictures) => ({
  poster_url_medium: poster ? tmdb(`w342/${poster}`) : null,
  poster_url_large: poster ? tmdb(`w500/${poster}`) : null,
  cast_members: JSON.stringify(cast),
  still_images: JSON.stringify(stills.map((still) => tmdb(`w780/${still}`))),
  trailers: JSON.stringify(
    thumbnail
      ? [{ name: "Trailer", url: "https://www.youtube.com/watch?v=1", thumbnail_url: thumbnail }]
      : [],
  ),
});

const images = () => db.selectFrom("images").selectAll().orderBy("source_url").execute();
const filesIn = async () =>
  (await readdir(folder, { recursive: true })).filter((name) => /\.(jpg|png|webp)$/.test(name));
const dueAt = async (workId: string) =>
  (
    await db
      .selectFrom("works_meta")
      .select("images_due_at")
      .where("work_id", "=", workId)
      .executeTakeFirstOrThrow()
  ).images_due_at;
/** As if all waiting were over. */
const passTime = () =>
  pool.query(`update images set next_try_at = now() where next_try_at is not null;
    update works_meta set images_due_at = now() where images_due_at is not null`);

beforeEach(async () => {
  await pool.query("truncate works, images cascade");
  await pool.query("select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))");
  await rm(join(folder, "images"), { recursive: true, force: true });
  host.requests.length = 0;
});
afterEach(() => {
  host.answers.clear();
  host.answerAll = null;
});

describe("T-09 images are fetched and re-hosted", () => {
  it("stores what a work shows under the names of the contents", async () => {
    const film = await addWork({
      poster: "a.jpg",
      cast: [person("Ann", "ann.jpg"), person("Bob", null)],
      stills: ["s.jpg"],
      thumbnail: "https://i.ytimg.com/vi/key1/hqdefault.jpg",
    });
    expect(await rehostImages(ctx, film)).toEqual({ images: 5, stored: 5, failed: 0, note: null });
    expect(host.requests.toSorted()).toEqual([
      "/t/p/w185/ann.jpg",
      "/t/p/w342/a.jpg",
      "/t/p/w500/a.jpg",
      "/t/p/w780/s.jpg",
      "/vi/key1/hqdefault.jpg",
    ]);
    const [poster] = (await images()).filter((image) => image.source_url === tmdb("w342/a.jpg"));
    expect(poster).toMatchObject({
      status: "stored",
      content_type: "image/png",
      width: 4,
      height: 6,
      error: null,
    });
    expect(poster?.file_name).toBe(`${poster?.sha256}.png`);
    const name = poster?.file_name ?? "";
    expect(await readFile(join(folder, "images", name.slice(0, 2), name))).toEqual(
      picture("/t/p/w342/a.jpg"),
    );
    expect(await dueAt(film)).toBeNull();
    expect(await readdir(join(folder, "images", "drafts"))).toEqual([]);
  });

  it("fetches an image once, however often it is asked and whichever works show it", async () => {
    const [first, second] = await Promise.all([
      addWork({ poster: "a.jpg", cast: [person("Ann", "ann.jpg")] }),
      addWork({ poster: "b.jpg", cast: [person("Ann", "ann.jpg")] }),
    ]);
    await Promise.all([rehostImages(ctx, first), rehostImages(ctx, second), rehostImages(ctx, first)]);
    await passTime();
    await rehostImages(ctx, first);
    await rehostImages(ctx, second);
    expect(host.requests.toSorted()).toEqual([
      "/t/p/w185/ann.jpg",
      "/t/p/w342/a.jpg",
      "/t/p/w342/b.jpg",
      "/t/p/w500/a.jpg",
      "/t/p/w500/b.jpg",
    ]);
    expect((await images()).every((image) => image.status === "stored")).toBe(true);
  });

  it("keeps the same contents once", async () => {
    host.answerAll = send(picture("same"));
    const film = await addWork({ poster: "a.jpg", stills: ["1.jpg", "2.jpg"] });
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 4 });
    expect(await filesIn()).toHaveLength(1);
  });

  it("tells what it is by the bytes, not by the header", async () => {
    host.answers.set("/t/p/w342/a.jpg", send(picture("x"), { "content-type": "text/html" }));
    host.answers.set("/t/p/w500/a.jpg", send("<svg onload='alert(1)'/>", { "content-type": "image/png" }));
    const film = await addWork({ poster: "a.jpg" });
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 1, failed: 1 });
    const failed = (await images()).find((image) => image.status === "failed");
    expect(failed).toMatchObject({ source_url: tmdb("w500/a.jpg"), sha256: null, attempts: 1 });
    expect(failed?.error).toContain("no JPEG, PNG or WebP");
    // It is tried again by itself.
    expect(await dueAt(film)).not.toBeNull();
    host.answers.clear();
    await passTime();
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 1, failed: 0 });
    expect(await dueAt(film)).toBeNull();
  });

  it("does not try again what is gone, or too large", async () => {
    host.answers.set("/t/p/w342/a.jpg", send("no", {}, 404));
    host.answers.set("/t/p/w500/a.jpg", send(Buffer.alloc(6 * 1024 * 1024, picture("big"))));
    const film = await addWork({ poster: "a.jpg" });
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 0, failed: 2 });
    expect((await images()).map((image) => image.next_try_at)).toEqual([null, null]);
    expect(await dueAt(film)).toBeNull();
    await passTime();
    await rehostImages(ctx, film);
    expect(host.requests).toHaveLength(2);
    expect(await filesIn()).toEqual([]);
  });

  it("follows redirects at the host, and none that lead away", async () => {
    const other = await startImageHost();
    host.answers.set("/t/p/w342/a.jpg", send("", { location: "/moved/a.jpg" }, 302));
    host.answers.set("/t/p/w500/a.jpg", send("", { location: `${other.url}/secret` }, 302));
    host.answers.set("/t/p/w780/s.jpg", send("", { location: "/t/p/w780/s.jpg" }, 302));
    const film = await addWork({ poster: "a.jpg", stills: ["s.jpg"] });
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 1, failed: 2 });
    expect(other.requests).toEqual([]);
    expect(host.requests).toContain("/moved/a.jpg");
    await other.close();
  });

  it("leaves a host alone that asks for patience, and comes again", async () => {
    host.answerAll = send("", { "retry-after": "7200" }, 429);
    const film = await addWork({ poster: "a.jpg", stills: ["1", "2", "3", "4", "5", "6", "7", "8"] });
    await rehostImages(ctx, film);
    expect(host.requests.length).toBeLessThanOrEqual(4);
    const [{ hours }] = (
      await pool.query("select extract(epoch from min(next_try_at) - now())::int / 60 as hours from images")
    ).rows;
    expect(hours).toBeGreaterThan(100);
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 0, failed: 0 });
    host.answerAll = null;
    await passTime();
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 10, failed: 0 });
  });

  it("keeps the source's address while the host is away, without a failed job", async () => {
    const away = await startImageHost();
    await away.close();
    const film = await addWork({ poster: "a.jpg" });
    await pool.query("update works_meta set poster_url_medium = $1, poster_url_large = null", [
      `${away.url}/t/p/w342/a.jpg`,
    ]);
    const off = testConfig({ ...env, TMDB_IMAGE_BASE_URL: `${away.url}/t/p` });
    const outcome = await rehostImages({ db, config: off }, film);
    expect(outcome).toMatchObject({ stored: 0, failed: 1 });
    expect(outcome?.note).toContain("could not be reached");
    expect(await db.selectFrom("works_meta").select("poster_url_medium").executeTakeFirst()).toEqual({
      poster_url_medium: `${away.url}/t/p/w342/a.jpg`,
    });
  });

  it("follows the work: images that it no longer shows are unlinked, new ones fetched", async () => {
    const film = await addWork({ poster: "a.jpg" });
    await rehostImages(ctx, film);
    await db
      .updateTable("works_meta")
      .set(columnsOf({ poster: "b.jpg" }))
      .where("work_id", "=", film)
      .execute();
    expect(await dueAt(film)).not.toBeNull();
    await rehostImages(ctx, film);
    const linked = await db
      .selectFrom("work_images")
      .innerJoin("images", "images.image_id", "work_images.image_id")
      .select(["role", "source_url"])
      .orderBy("role")
      .execute();
    expect(linked).toEqual([
      { role: "poster_large", source_url: tmdb("w500/b.jpg") },
      { role: "poster_medium", source_url: tmdb("w342/b.jpg") },
    ]);
  });

  it("fails its job when the store is in trouble, and fetches everything when it is well again", async () => {
    const film = await addWork({ poster: "a.jpg", stills: ["s.jpg"] });
    const blocked = join(folder, "blocked");
    await writeFile(blocked, "a file where the folder should be");
    await expect(
      rehostImages({ db, config: testConfig({ ...env, DATA_DIR: blocked }) }, film),
    ).rejects.toThrow("Unable to check existence");
    expect((await images()).every((image) => image.status === "pending" && image.attempts === 0)).toBe(true);
    expect(await rehostImages(ctx, film)).toMatchObject({ stored: 3, failed: 0 });
  });

  it("gives the rest back when the worker stops", async () => {
    const stop = new AbortController();
    host.answers.set("/t/p/w342/a.jpg", () => stop.abort());
    const film = await addWork({ poster: "a.jpg" });
    await expect(rehostImages({ ...ctx, signal: stop.signal }, film)).rejects.toThrow("The worker stops");
    host.answers.clear();
    expect(await rehostImages(ctx, film)).toMatchObject({ failed: 0 });
    expect((await images()).every((image) => image.status === "stored")).toBe(true);
  });

  it("shows the copy on the work's card as soon as there is one", async () => {
    const film = await addWork({ poster: "a.jpg" });
    const before = await readCard(db, film, "short");
    expect(JSON.parse(before.json).poster).toEqual({ url: tmdb("w342/a.jpg"), hosted: null });
    await rehostImages(ctx, film);
    const after = await readCard(db, film, "short");
    const [poster] = (await images()).filter((image) => image.source_url.includes("w342"));
    expect(JSON.parse(after.json).poster.hosted).toBe(`/images/${poster?.file_name}`);
    expect(after.etag).not.toBe(before.etag);
  });
});

describe("T-09 which works are queued", () => {
  it("those whose images changed, once, and only while TMDB is on", async () => {
    const films = await Promise.all([addWork({ poster: "a.jpg" }), addWork({ poster: "b.jpg" })]);
    expect(await sweepImages(db, testConfig({ DATA_DIR: folder }))).toBe(0);
    expect(await sweepImages(db, config)).toBe(2);
    expect(await sweepImages(db, config)).toBe(0);
    expect(await drainQueue(url, { env })).toBe(2);
    expect((await images()).map((image) => image.status)).toEqual(["stored", "stored", "stored", "stored"]);
    expect(await sweepImages(db, config)).toBe(0);
    // Stored again with the same images: nothing to do.
    await db.updateTable("works_meta").set({ overview: "New words" }).execute();
    expect(await sweepImages(db, config)).toBe(0);
    await db
      .updateTable("works_meta")
      .set({ poster_url_medium: tmdb("w342/c.jpg") })
      .where("work_id", "=", films[0]!)
      .execute();
    expect(await sweepImages(db, config)).toBe(1);
  });

  it("also when their images change while a job is at them", async () => {
    const film = await addWork({ poster: "a.jpg" });
    host.answers.set("/t/p/w342/a.jpg", async (response) => {
      await db
        .updateTable("works_meta")
        .set({ poster_url_large: tmdb("w500/new.jpg") })
        .execute();
      send(picture("a"))(response);
    });
    await rehostImages(ctx, film);
    expect(await sweepImages(db, config)).toBe(1);
  });
});

describe("T-09 files that the store has lost", () => {
  it("are fetched again, once a day, and until then pages show the source's", async () => {
    const workId = await addWork({ poster: "lost.png" });
    await rehostImages(ctx, workId);
    const [name = ""] = (await images())
      .filter((image) => image.source_url.includes("w342"))
      .map((image) => image.file_name ?? "");
    await rm(join(folder, "images", name.slice(0, 2), name));
    // Just fetched: then the store is at fault, and fetching is no help.
    expect(await noteLostFile(db, name)).toBe(false);
    await db
      .updateTable("images")
      .set({ fetched_at: sql<Date>`clock_timestamp() - interval '2 days'` })
      .execute();
    expect(await noteLostFile(db, name)).toBe(true);
    expect(await noteLostFile(db, name)).toBe(false);
    expect((await readCard(db, workId, "short")).json).not.toContain(name);
    expect(await sweepImages(db, config)).toBe(1);
    await drainQueue(url, { env, until: "due" });
    expect((await readCard(db, workId, "short")).json).toContain(name);
    expect((await filesIn()).some((file) => file.endsWith(name))).toBe(true);
  });
});

describe("T-09 images that nobody shows any more", () => {
  const age = () => pool.query("update images set created_at = now() - interval '2 days'");

  it("are removed with their files, but not while another address has the same contents", async () => {
    host.answers.set("/t/p/w342/a.jpg", send(picture("shared")));
    host.answers.set("/t/p/w342/b.jpg", send(picture("shared")));
    const first = await addWork({ poster: "a.jpg" });
    const second = await addWork({ poster: "b.jpg" });
    await rehostImages(ctx, first);
    await rehostImages(ctx, second);
    expect(await filesIn()).toHaveLength(3);
    await pool.query("delete from works where work_id = $1", [first]);
    expect(await pruneImages(db, config)).toBe(0);
    await age();
    expect(await pruneImages(db, config)).toBe(2);
    expect(await filesIn()).toHaveLength(2);
    await pool.query("delete from works");
    await age();
    expect(await pruneImages(db, config)).toBe(2);
    expect(await filesIn()).toEqual([]);
    expect(await images()).toEqual([]);
  });

  it("come back when a work shows them again", async () => {
    const film = await addWork({ poster: "a.jpg" });
    await rehostImages(ctx, film);
    await pool.query("delete from work_images");
    await age();
    // Either may be first; the job that finds an image removed under its hands asks to come again.
    await Promise.allSettled([pruneImages(db, config), rehostImages(ctx, film)]);
    await passTime();
    await rehostImages(ctx, film);
    const stored = (await images()).filter((image) => image.status === "stored");
    const files = (await filesIn()).map((file) => file.slice(-68));
    expect(stored.map((image) => image.file_name).toSorted()).toEqual(files.toSorted());
    expect(stored).toHaveLength(2);
  });
});
