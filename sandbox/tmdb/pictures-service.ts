import type { Answer, SandboxRequest } from "../answer.ts";
import { stableNumber } from "../stable-hash.ts";
import { configuration } from "./configuration.ts";
import { encodePng } from "./png.ts";

const WIDTH_LIMIT = 780;
const IMAGE_PATH = /^\/([a-z0-9]+)(\/[A-Za-z0-9]+)\.(jpg|png)$/;
const SIZES: ReadonlySet<string> = new Set(
  Object.values(configuration("").images).flatMap((sizes) => (Array.isArray(sizes) ? sizes : [])),
);

/**
 * The image host: `/{size}{path}` gives a small two-tone PNG whose colours follow from the path. It is a PNG
 * under a .jpg name too, and says so in its content type: clients must trust the type, not the name.
 */
export function answerPicture(request: SandboxRequest): Answer {
  const [, size = "", name = ""] = IMAGE_PATH.exec(request.path) ?? [];
  if (request.method !== "GET" || !SIZES.has(size)) {
    return { status: 404, headers: { "content-type": "text/plain" }, body: "File not Found" };
  }
  const asked = size === "original" ? WIDTH_LIMIT : Number(size.slice(1));
  const width = Math.min(asked, WIDTH_LIMIT) / 4;
  const hue = stableNumber(name, 0xffffff);
  const body = encodePng(Math.round(width), Math.round(width * 1.5), hue);
  return {
    status: 200,
    headers: { "content-type": "image/png", "cache-control": "public, max-age=31536000" },
    body,
  };
}
