import { AppError } from "#app/errors.ts";

/** First bytes of what people upload by mistake. Longer signatures first where one begins like another. */
const signatures: readonly { name: string; code: string; bytes: readonly number[]; advice: string }[] = [
  {
    name: "a zip archive or an Excel workbook",
    code: "ZIP_FILE",
    bytes: [0x50, 0x4b],
    advice: "Unpack it (or save the sheet as CSV) and upload one CSV file from it, such as watched.csv.",
  },
  {
    name: "a gzip archive",
    code: "GZIP_FILE",
    bytes: [0x1f, 0x8b],
    advice: "Unpack it and upload the CSV file inside.",
  },
  { name: "a PNG image", code: "NOT_TEXT", bytes: [0x89, 0x50, 0x4e, 0x47], advice: "" },
  { name: "a JPEG image", code: "NOT_TEXT", bytes: [0xff, 0xd8, 0xff], advice: "" },
  { name: "a GIF image", code: "NOT_TEXT", bytes: [0x47, 0x49, 0x46, 0x38], advice: "" },
  { name: "a PDF document", code: "NOT_TEXT", bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], advice: "" },
  {
    name: "an old Excel workbook",
    code: "NOT_TEXT",
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    advice: "Save the sheet as CSV and upload that file.",
  },
];

/** "PK" alone could begin a text; archives go on with one of these pairs. */
const zipPairs = new Set(["3,4", "5,6", "7,8"]);

/**
 * Refuses archives, images and documents by their first bytes, before any decoding.
 *
 * @throws AppError `ZIP_FILE`, `GZIP_FILE`, `NOT_TEXT` (415)
 */
export function refuseOtherKinds(bytes: Uint8Array): void {
  for (const kind of signatures) {
    if (!kind.bytes.every((byte, at) => bytes[at] === byte)) continue;
    if (kind.code === "ZIP_FILE" && !zipPairs.has(`${bytes[2]},${bytes[3]}`)) continue;
    const advice = kind.advice === "" ? "Upload a CSV file." : kind.advice;
    throw new AppError(kind.code, 415, `This file is ${kind.name}, not a CSV file. ${advice}`);
  }
}

/**
 * Refuses bytes that are no text in an encoding of single bytes or UTF-8. Such text may hold a stray NUL (that is an error
 * of its row); many control characters in the first 64 KiB make it binary.
 *
 * @throws AppError `NOT_TEXT` (415)
 */
export function refuseBinary(bytes: Uint8Array): void {
  const head = bytes.subarray(0, 65_536);
  let controls = 0;
  for (const byte of head) {
    // Tab, line feed, vertical tab, form feed and carriage return belong to text.
    if (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) controls += 1;
  }
  if (controls > 8 && controls * 50 > head.length) {
    throw new AppError("NOT_TEXT", 415, "This file is not text: it holds binary data. Upload a CSV file.");
  }
}
