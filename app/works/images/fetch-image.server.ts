import { Agent, errors as undici } from "undici";
import { type ImageKind, imageKind } from "#app/works/images/image-kind.ts";

/** Milliseconds. Images are small and their hosts are fast: what takes longer is in trouble. */
const CONNECT_MS = 4_000;
const SILENCE_MS = 8_000;
const TOTAL_MS = 20_000;
/** A poster of 500 pixels has some 60 KB. */
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_REDIRECTS = 3;

/** Why an image was not fetched, as a sentence for people. */
export class ImageFault extends Error {
  /**
   * `host`: the host is away or asks for patience, so its other images need not be tried now · `image`: this one, now ·
   * `gone`: this one, for good.
   */
  readonly scope: "host" | "image" | "gone";
  readonly retryAfterMs: number;

  constructor(scope: "host" | "image" | "gone", message: string, retryAfterMs = 0) {
    super(message);
    this.scope = scope;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface FetchedImage {
  bytes: Buffer;
  kind: ImageKind;
}

/** Connections per host are few: an image host owes us nothing. */
const agent = new Agent({
  connect: { timeout: CONNECT_MS },
  connections: 8,
  headersTimeout: SILENCE_MS,
  bodyTimeout: SILENCE_MS,
});

/**
 * Fetches one image. Redirects are followed within the host alone, the body is cut off at 5 MiB, and what it is is told from its
 * bytes.
 *
 * @throws ImageFault; the caller's abort reason when its signal fires
 */
export async function fetchImage(address: URL, signal?: AbortSignal): Promise<FetchedImage> {
  const total = AbortSignal.timeout(TOTAL_MS);
  const both = signal ? AbortSignal.any([signal, total]) : total;
  try {
    let at = address;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const next = await fetchOnce(at, both);
      if (!(next instanceof URL)) return next;
      if (next.origin !== address.origin)
        throw new ImageFault("image", "The image's host sent us on to another host, which is not asked.");
      at = next;
    }
    throw new ImageFault("image", "The image's host sent us on too often.");
  } catch (error) {
    if (error instanceof ImageFault) throw error;
    if (signal?.aborted) throw signal.reason;
    throw faultOf(error, total.aborted);
  }
}

/** @returns the image, or where else to look */
async function fetchOnce(address: URL, signal: AbortSignal): Promise<FetchedImage | URL> {
  const answer = await agent.request({
    origin: address.origin,
    path: address.pathname + address.search,
    method: "GET",
    headers: { accept: "image/webp,image/png,image/jpeg;q=0.9", "user-agent": "Reeldesk" },
    signal,
  });
  const { statusCode: status, headers, body } = answer;
  if (status !== 200) {
    // Read to its end, within bounds: the connection can be used again.
    await body.dump({ limit: 64 * 1024 });
    const location = headers.location;
    if (status >= 300 && status < 400 && typeof location === "string" && URL.canParse(location, address.href))
      return new URL(location, address);
    throw refusal(status, headers["retry-after"]);
  }
  const bytes = await readWithin(body);
  const kind = imageKind(bytes);
  if (!kind) throw new ImageFault("image", "The image's host sent something that is no JPEG, PNG or WebP.");
  return { bytes, kind };
}

async function readWithin(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) {
      body.destroy();
      throw new ImageFault("gone", "The image has more than 5 MiB, so it stays where it is.");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusal(status: number, retryAfter: string | string[] | undefined): ImageFault {
  if (status === 404 || status === 410)
    return new ImageFault("gone", `The image's host does not have it (${status}).`);
  if (status === 429 || status === 503)
    return new ImageFault(
      "host",
      `The image's host asks for patience (${status}).`,
      secondsOf(retryAfter) * 1000,
    );
  return new ImageFault("image", `The image's host answered ${status}.`);
}

const secondsOf = (header: string | string[] | undefined): number =>
  typeof header === "string" && /^\d{1,6}$/.test(header) ? Number(header) : 0;

/** Addresses and their parts stay out of the sentence: it is shown and logged. */
function faultOf(error: unknown, totalPassed: boolean): ImageFault {
  const isSilence =
    error instanceof undici.HeadersTimeoutError ||
    error instanceof undici.BodyTimeoutError ||
    error instanceof undici.ConnectTimeoutError;
  if (totalPassed || isSilence)
    return new ImageFault("host", "The image's host did not answer within the time it has.");
  const code = error instanceof Error && "code" in error ? String(error.code) : "no code";
  return new ImageFault("host", `The image's host could not be reached (${code}).`);
}
