import type { QuoteLine } from "#app/quotes/line-type.ts";
import { parseLine } from "#app/quotes/parse-line.ts";
import { MOST_LINES } from "#app/quotes/parse-quotes.ts";

/** `Vera: …`; a line that begins with a colon names nobody. */
const NAMED = /^([^:[\]()]{0,80}):(?:\s+(.*))?$/;

/**
 * Reads a quote as people write it down, a line each: `Vera: No.`, `[she leaves]`, `Vera: [quietly] No.`, `Narrator: [narration]
 * It was late.`; `: Remember: knock` when nobody is named and a colon comes.
 */
export function parseHandText(text: string): QuoteLine[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .flatMap((line) => {
      const named = NAMED.exec(line);
      return named
        ? parseLine({ character: named[1] ?? null, text: named[2] ?? "", stageDirection: null })
        : parseLine({ character: null, text: line, stageDirection: null });
    })
    .slice(0, MOST_LINES);
}

/** The same the other way: what the form of a quote holds when it is opened. */
export function formatHandText(lines: readonly QuoteLine[]): string {
  return lines
    .map(({ type, character, text }) => {
      const words =
        type === "stage_direction" ? `[${text}]` : type === "narration" ? `[narration] ${text}` : text;
      if (character !== null) return `${character}: ${words}`;
      return NAMED.test(words) ? `: ${words}` : words;
    })
    .join("\n");
}
