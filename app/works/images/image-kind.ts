/** What an image is, told from its bytes: what a server's header or an address's ending says of them is not asked. */
export interface ImageKind {
  contentType: "image/jpeg" | "image/png" | "image/webp";
  extension: "jpg" | "png" | "webp";
  /** Pixels; null where the header does not say. */
  width: number | null;
  height: number | null;
}

type Size = Pick<ImageKind, "width" | "height">;

const UNKNOWN: Size = { width: null, height: null };

/** The kind of an image, or null for what is none of those that we keep. SVG is none: it may hold scripts. */
export function imageKind(bytes: Uint8Array): ImageKind | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(bytes, [0xff, 0xd8, 0xff]))
    return { contentType: "image/jpeg", extension: "jpg", ...jpegSize(view) };
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    return { contentType: "image/png", extension: "png", ...pngSize(view) };
  if (isText(bytes, 0, "RIFF") && isText(bytes, 8, "WEBP"))
    return { contentType: "image/webp", extension: "webp", ...webpSize(bytes, view) };
  return null;
}

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte);

const isText = (bytes: Uint8Array, at: number, text: string): boolean =>
  Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

/** The first chunk of a PNG is its header. */
function pngSize(view: DataView): Size {
  if (view.byteLength < 24) return UNKNOWN;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Frame headers; C4, C8 and CC in their midst are something else. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Goes from segment to segment up to the frame, which states the size. */
function jpegSize(view: DataView): Size {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    // Fill bytes before a marker.
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else {
      const length = view.getUint16(at + 2);
      if (length < 2) return UNKNOWN;
      at += 2 + length;
    }
  }
  return UNKNOWN;
}

/** Three kinds of WebP, each with a header of its own. */
function webpSize(bytes: Uint8Array, view: DataView): Size {
  if (view.byteLength < 30) return UNKNOWN;
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (isText(bytes, 12, "VP8X")) return { width: uint24(24) + 1, height: uint24(27) + 1 };
  if (isText(bytes, 12, "VP8 "))
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (isText(bytes, 12, "VP8L")) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return UNKNOWN;
}
