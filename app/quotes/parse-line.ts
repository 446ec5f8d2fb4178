import type { ExtractedLine } from "#app/quotes/extraction.ts";
import type { QuoteLine } from "#app/quotes/line-type.ts";

/** `1:14:18`, `12:40`, and from – to. */
const TIMESTAMP =
  /^\d{1,2}(?::[0-5]?\d){1,2}(?:[.,]\d{1,3})?(?:\s*[-–—]\s*\d{1,2}(?::[0-5]?\d){1,2}(?:[.,]\d{1,3})?)?$/;
const NARRATION = /^(?:narration|narrating)$/i;

/** Longer ones are no lines of a film but a page that was read as one. */
const LONGEST_TEXT = 20_000;
const LONGEST_NAME = 200;

const tidy = (text: string | null | undefined): string =>
  (text ?? "").replaceAll("\0", "").toWellFormed().replaceAll(/\s+/g, " ").trim();

/** Where the bracket that opens the text closes; -1: it does not begin with one, or never closes. */
function endOfBracket(text: string, open: string, close: string): number {
  if (!text.startsWith(open)) return -1;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    if (text[at] === close) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** What a line that is bracketed as a whole says; null: it is not. */
function insideBrackets(text: string): string | null {
  for (const [open, close] of [
    ["[", "]"],
    ["(", ")"],
  ] as const)
    if (endOfBracket(text, open, close) === text.length - 1 && text.length > 1)
      return text.slice(1, -1).trim();
  return null;
}

interface Read {
  /** Stage directions that stand before what is said. */
  directions: string[];
  isNarration: boolean;
  /** What is said; empty when nothing is. */
  rest: string;
}

/** Takes one direction in: times go, narration is a kind of line and no direction. */
function note(read: Read, direction: string): void {
  const inner = insideBrackets(direction) ?? direction;
  if (inner === "" || TIMESTAMP.test(inner)) return;
  if (NARRATION.test(inner)) read.isNarration = true;
  else read.directions.push(inner);
}

function readText(text: string, read: Read): void {
  let rest = text;
  // The whole line first: "(one) and (two)" is bracketed at both ends and is none.
  for (let inner = insideBrackets(rest); inner !== null; inner = null) {
    note(read, inner);
    rest = "";
  }
  for (let end = endOfBracket(rest, "[", "]"); end >= 0; end = endOfBracket(rest, "[", "]")) {
    note(read, rest.slice(1, end).trim());
    rest = rest.slice(end + 1).trim();
  }
  read.rest = rest;
}

/**
 * Reads one extracted line: its stage directions, each a line of its own, then what is said. A line wholly in brackets is a stage
 * direction; `[narration]` makes what follows narration; times of the film (`[1:14:18]`) are left out. Times and markers stand in
 * the text or in the field for stage directions, with brackets or without.
 *
 * @returns no line when nothing is said or done
 */
export function parseLine({ character, text, stageDirection }: ExtractedLine): QuoteLine[] {
  const read: Read = { directions: [], isNarration: false, rest: "" };
  note(read, tidy(stageDirection));
  readText(tidy(text), read);
  const name = tidy(character).replace(/\s*:$/, "").slice(0, LONGEST_NAME).toWellFormed().trim() || null;
  const directions = read.directions.map((each) => ({ type: "stage_direction" as const, text: each }));
  const said = read.rest === "" ? [] : [{ type: kindOf(read), text: read.rest }];
  return [...directions, ...said].map((line) => ({
    type: line.type,
    character: name,
    text: line.text.slice(0, LONGEST_TEXT).toWellFormed(),
  }));
}

const kindOf = ({ isNarration }: Read) => (isNarration ? ("narration" as const) : ("dialogue" as const));
