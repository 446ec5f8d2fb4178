/** As many characters as common file systems allow; longer names are cut before their extension. */
const LONGEST_NAME = 255;

/** Controls, and marks that turn the direction of writing round (`cod.exe` shown as `exe.doc`). */
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * The name of an uploaded file as it may be stored and shown: no folders, no control characters, no halves of
 * characters, at most 255 characters. The name is only ever shown; no file is opened by it.
 */
export function cleanFileName(name: string): string {
  const base = name
    .toWellFormed()
    .split(/[/\\]/)
    .findLast((part) => part.trim() !== "");
  const clean = (base ?? "").replace(INVISIBLE, "").normalize("NFC").trim();
  // "." and ".." name folders.
  if (/^\.*$/.test(clean)) return "upload.csv";
  if (clean.length <= LONGEST_NAME) return clean;
  const extension = extensionOf(clean).slice(0, 20);
  return `${clean.slice(0, LONGEST_NAME - extension.length).replace(/\p{Surrogate}$/u, "")}${extension}`;
}

/** `.csv` of `films.2024.CSV`; "" without one. */
export function extensionOf(fileName: string): string {
  return /[^.](\.[^.\s]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
}
