/**
 * `Content-Disposition` of a download (RFC 6266): the name in full for browsers of today, and in ASCII for the others.
 *
 * @param fileName without control characters
 */
export function attachment(fileName: string): string {
  const ascii = fileName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e]|["\\%]/g, "_");
  // RFC 8187 leaves fewer characters bare than encodeURIComponent does.
  const full = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`;
}
