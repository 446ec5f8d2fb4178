import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageAddress } from "#app/works/images/image-address.ts";
import { imageKind } from "#app/works/images/image-kind.ts";
import { encodePng } from "#sandbox/tmdb/png.ts";

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part, "latin1")] : part)),
  );

describe("T-09 what an image is, by its bytes", () => {
  it("knows JPEG, PNG and WebP, and their sizes", () => {
    expect(imageKind(encodePng(342, 513, 1))).toEqual({
      contentType: "image/png",
      extension: "png",
      width: 342,
      height: 513,
    });
    const jpeg = bytes(
      [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2],
      // A fill byte, then a frame of 500 × 750.
      [0xff, 0xff, 0xc2, 0, 11, 8, 0x02, 0xee, 0x01, 0xf4, 3, 0, 0],
    );
    expect(imageKind(jpeg)).toEqual({ contentType: "image/jpeg", extension: "jpg", width: 500, height: 750 });
    const riff = (chunk: string, rest: number[]) => bytes("RIFF", [0, 0, 0, 0], "WEBP", chunk, rest);
    const extended = riff("VP8X", [10, 0, 0, 0, 0, 0, 0, 0, 0x0b, 0x03, 0, 0xb6, 0x01, 0]);
    expect(imageKind(extended)).toMatchObject({ contentType: "image/webp", width: 780, height: 439 });
    const lossy = riff("VP8 ", [0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x0c, 0x03, 0xb7, 0x01]);
    expect(imageKind(lossy)).toMatchObject({ width: 780, height: 439 });
    const lossless = riff("VP8L", [0, 0, 0, 0, 0x2f, 0x0b, 0xc3, 0x6d, 0x00, 0, 0, 0, 0, 0]);
    expect(imageKind(lossless)).toMatchObject({ width: 780, height: 440 });
  });

  it.each([
    ["SVG", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"],
    ["HTML", "<!doctype html><title>Sign in to the network</title>"],
    ["GIF", "GIF89a"],
    ["nothing", ""],
    ["another RIFF file", "RIFF0000WAVEfmt "],
    ["a PNG's first half", "\x89PNG"],
  ])("refuses %s", (_name, text) => {
    expect(imageKind(bytes(text))).toBeNull();
  });

  it("reads any bytes without falling over", () => {
    const heads = fc.constantFrom(
      [],
      [0xff, 0xd8, 0xff],
      [...Buffer.from("RIFF0000WEBPVP8X")],
      [...encodePng(1, 1, 1).subarray(0, 12)],
    );
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 64 }), (head, rest) => {
        const kind = imageKind(Uint8Array.from([...head, ...rest]));
        if (kind?.width !== null && kind?.width !== undefined) expect(kind.width).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("T-09 where an image is fetched", () => {
  const hosts = {
    TMDB_IMAGE_BASE_URL: "http://127.0.0.1:9/t/p",
    YOUTUBE_IMAGE_BASE_URL: "http://127.0.0.1:8/vi",
  };
  const at = (source: string) => imageAddress(source, hosts)?.href ?? null;

  it("at the hosts that the configuration names, also for addresses of the hosts whose place they take", () => {
    expect(at("http://127.0.0.1:9/t/p/w342/a.jpg")).toBe("http://127.0.0.1:9/t/p/w342/a.jpg");
    expect(at("https://image.tmdb.org/t/p/w342/a.jpg")).toBe("http://127.0.0.1:9/t/p/w342/a.jpg");
    expect(at("https://i.ytimg.com/vi/abc/hqdefault.jpg")).toBe("http://127.0.0.1:8/vi/abc/hqdefault.jpg");
    const off = { ...hosts, YOUTUBE_IMAGE_BASE_URL: null };
    expect(imageAddress("https://i.ytimg.com/vi/abc/hqdefault.jpg", off)).toBeNull();
  });

  it.each([
    "http://169.254.169.254/latest/meta-data",
    "http://localhost:5432/",
    "https://image.tmdb.org.evil.example/t/p/w342/a.jpg",
    "https://image.tmdb.org/t/p/../../secret",
    "https://image.tmdb.org/t/p/%2e%2e/%2e%2e/secret",
    "http://127.0.0.1:9/t/p/w342/a.jpg?x=1",
    "http://127.0.0.1:9/other/a.jpg",
    "http://127.0.0.1:9@evil.example/t/p/a.jpg",
    "file:///etc/passwd",
    "https://m.media-amazon.com/images/a.jpg",
    "nonsense",
    "",
  ])("nowhere else: %s", (source) => {
    expect(at(source)).toBeNull();
  });
});
