import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { parseConfig } from "#app/config.server.ts";
import { imageStore } from "#app/works/images/image-store.server.ts";
import { encodePng } from "#sandbox/tmdb/png.ts";
import { errorOf, startWebApp } from "#tests/api/web-app.ts";
import { testConfig } from "#tests/setup/drain.ts";

const folder = mkdtempSync(join(tmpdir(), "reeldesk-images-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const app = await startWebApp({ DATA_DIR: folder });

const png = encodePng(3, 5, 0x336699);
const sha256 = createHash("sha256").update(png).digest("hex");
const name = `${sha256}.png`;
await (await imageStore(app.config)).put(name, png, "image/png");

writeFileSync(join(folder, "secret.png"), "not for anybody");

/** The body under a path as it stands, which `fetch` would tidy. */
function rawBody(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.origin);
    request({ hostname, port, path, headers: { "x-api-key": app.key, cookie: app.cookie } }, (answer) => {
      text(answer).then(resolve, reject);
    })
      .on("error", reject)
      .end();
  });
}

describe("T-09 GET /images/:name", () => {
  test("the image, to be kept for ever", async () => {
    const response = await app.browse(`/images/${name}`);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(png);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(png.byteLength),
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${sha256}"`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    });
  });

  test("304 to whoever has it, HEAD without the body", async () => {
    const unchanged = await app.call(`/images/${name}`, { headers: { "if-none-match": `W/"${sha256}"` } });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
    expect(unchanged.headers.get("cache-control")).toContain("immutable");
    const head = await app.call(`/images/${name}`, { method: "HEAD" });
    expect([head.status, await head.text(), head.headers.get("content-type")]).toEqual([
      200,
      "",
      "image/png",
    ]);
  });

  test("for operators and keys alone", async () => {
    expect((await app.call(`/images/${name}`)).status).toBe(200);
    const stranger = await fetch(`${app.origin}/images/${name}`, { redirect: "manual" });
    expect(stranger.status).toBe(302);
    const wrongKey = await fetch(`${app.origin}/images/${name}`, {
      headers: { "x-api-key": "x".repeat(40) },
    });
    expect(wrongKey.status).toBe(401);
  });

  test.each([
    `${"0".repeat(64)}.png`,
    `${sha256}.svg`,
    `${sha256}.jpg`,
    sha256,
    `${sha256.toUpperCase()}.png`,
    "..%2f..%2fpostgres%2fPG_VERSION",
    "drafts",
    `${name}%00`,
  ])("what is not there is a 404: %s", async (path) => {
    const response = await app.call(`/images/${path}`);
    expect([response.status, (await errorOf(response)).code]).toEqual([404, "IMAGE_NOT_FOUND"]);
  });

  test("a file that is lost is said to be, and its work's images are wanted again", async () => {
    const lost = "f".repeat(64);
    const { work_id } = await app.db
      .insertInto("works")
      .values({ media_type: "movie", title: "Lost", title_key: "lost||movie" })
      .returning("work_id")
      .executeTakeFirstOrThrow();
    await app.db.insertInto("works_meta").values({ work_id, images_due_at: null }).execute();
    await sql`
      with image as (
        insert into images (source_url, status, sha256, content_type, bytes, fetched_at)
        values ('https://image.tmdb.org/t/p/w342/lost.png', 'stored', ${lost}, 'image/png', 1, now() - interval '2 days')
        returning image_id
      )
      insert into work_images (work_id, role, image_id) select ${work_id}::bigint, 'poster_medium', image_id from image`.execute(
      app.db,
    );
    for (const code of ["IMAGE_LOST", "IMAGE_NOT_FOUND"]) {
      const response = await app.browse(`/images/${lost}.png`);
      expect([response.status, (await errorOf(response)).code]).toEqual([404, code]);
    }
    const { images_due_at } = await app.db
      .selectFrom("works_meta")
      .select("images_due_at")
      .where("work_id", "=", work_id)
      .executeTakeFirstOrThrow();
    expect(images_due_at).not.toBeNull();
  });

  test("no path leads out of the folder", async () => {
    for (const path of [
      "/images/../secret.png",
      "/images/..%2fsecret.png",
      "/images/%2e%2e%2fsecret.png",
      "/images/..%5csecret.png",
    ])
      expect([path, await rawBody(path)]).not.toEqual([path, expect.stringContaining("not for anybody")]);
  });
});

interface Bucket {
  url: string;
  objects: Map<string, { body: Buffer; type: string }>;
  requests: string[];
}

/** As much of S3 as a store of images needs, over real HTTP: signed requests for one bucket, in path style. */
async function startBucket(): Promise<Bucket> {
  const bucket: Bucket = { url: "", objects: new Map(), requests: [] };
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const key = decodeURIComponent(new URL(incoming.url ?? "/", "http://x").pathname);
    bucket.requests.push(`${incoming.method} ${key}`);
    const xml = (status: number, code: string) =>
      response
        .writeHead(status, { "content-type": "application/xml" })
        .end(incoming.method === "HEAD" ? "" : `<Error><Code>${code}</Code></Error>`);
    if (!incoming.headers.authorization?.includes("Credential=test-key/")) return xml(403, "AccessDenied");
    if (incoming.method === "PUT") {
      bucket.objects.set(key, { body: Buffer.concat(parts), type: incoming.headers["content-type"] ?? "" });
      return response.writeHead(200, { etag: '"x"' }).end();
    }
    if (incoming.method === "DELETE") {
      bucket.objects.delete(key);
      return response.writeHead(204).end();
    }
    const object = bucket.objects.get(key);
    if (!object) return xml(404, "NoSuchKey");
    response.writeHead(200, { "content-type": object.type, "content-length": object.body.byteLength });
    return response.end(incoming.method === "HEAD" ? undefined : object.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  bucket.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return bucket;
}

describe("T-09 images in a bucket", () => {
  test("are put, read and removed; one that is there is not sent again", async () => {
    const bucket = await startBucket();
    const files = await imageStore(
      testConfig({
        IMAGE_STORE: "s3",
        S3_BUCKET: "posters",
        S3_ENDPOINT: bucket.url,
        S3_ACCESS_KEY_ID: "test-key",
        S3_SECRET_ACCESS_KEY: "test-secret",
        S3_FORCE_PATH_STYLE: "1",
      }),
    );
    expect(await files.read(name)).toBeNull();
    await files.put(name, png, "image/png");
    const key = `/posters/${name.slice(0, 2)}/${name}`;
    expect(bucket.objects.get(key)).toEqual({ body: png, type: "image/png" });
    await files.put(name, png, "image/png");
    expect(bucket.requests.filter((each) => each.startsWith("PUT"))).toHaveLength(1);
    expect(await files.read(name)).toEqual(png);
    await files.remove(name);
    expect(await files.read(name)).toBeNull();
  });

  test("a refusal is an error, not a missing image", async () => {
    const bucket = await startBucket();
    const files = await imageStore(
      testConfig({
        IMAGE_STORE: "s3",
        S3_BUCKET: "posters",
        S3_ENDPOINT: bucket.url,
        S3_ACCESS_KEY_ID: "another-key",
        S3_SECRET_ACCESS_KEY: "test-secret",
        S3_FORCE_PATH_STYLE: "1",
      }),
    );
    await expect(files.read(name)).rejects.toThrow();
  });

  test("need their variables at boot, and only then", () => {
    expect(parseConfig({ IMAGE_STORE: "s3" })).toEqual({
      problems: [
        "S3_BUCKET is required when IMAGE_STORE=s3",
        "S3_ACCESS_KEY_ID is required when IMAGE_STORE=s3",
        "S3_SECRET_ACCESS_KEY is required when IMAGE_STORE=s3",
      ],
    });
    expect(parseConfig({})).toHaveProperty("config");
    expect(parseConfig({ YOUTUBE_IMAGE_BASE_URL: "off" })).toMatchObject({
      config: { YOUTUBE_IMAGE_BASE_URL: null },
    });
    expect(parseConfig({ YOUTUBE_IMAGE_BASE_URL: "no" })).toEqual({
      problems: ["YOUTUBE_IMAGE_BASE_URL is neither a URL nor the word off"],
    });
  });
});
