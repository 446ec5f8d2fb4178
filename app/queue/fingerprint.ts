/** Longer messages say nothing new about their cause: what follows is data. */
const MOST_READ = 2_000;
const MOST_KEPT = 300;

/**
 * What a message says without what it says it about: addresses, quoted words, ids and numbers are replaced by what they are.
 *
 * "Work 603 (\"The Matrix\") was not found at https://api…/3/movie/603" → "Work # (“”) was not found at <url>"
 */
export function messageShape(message: string): string {
  return (
    message
      .slice(0, MOST_READ)
      .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+/gi, "<url>")
      // A quotation that does not end goes to the end. An apostrophe within a word is none.
      .replace(/"[^"]*(?:"|$)/g, "“”")
      .replace(/“[^”]*(?:”|$)/g, "“”")
      .replace(/`[^`]*(?:`|$)/g, "“”")
      .replace(/(?<![\p{L}\p{N}_])'(?:[^']|'(?=[\p{L}\p{N}_]))*(?:'|$)/gu, "“”")
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "#")
      .replace(/\b[0-9a-f]{16,}\b/gi, "#")
      // Whatever has a digit in it: tt0133093, 12.5, 2026-11-20T03:00:00Z.
      .replace(/[\p{L}\p{N}_]+/gu, (word) => (/\p{N}/u.test(word) ? "#" : word))
      .replace(/[+-]?#(?:[.,:/+-]#)*/g, "#")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, MOST_KEPT)
  );
}

/**
 * What failures of one cause have in common: the task, the code (else the class) and the message's shape.
 *
 * @returns a line of each; its hash is the fingerprint that tables keep
 */
export function failureCause(failure: {
  task: string;
  errorCode?: string | undefined;
  errorClass?: string | undefined;
  errorMessage?: string | undefined;
}): string {
  const { task, errorCode, errorClass, errorMessage } = failure;
  return [task, errorCode ?? errorClass ?? "", messageShape(errorMessage ?? "")].join("\n");
}
