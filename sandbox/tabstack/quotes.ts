import { stableNumber } from "../stable-hash.ts";
import type { Film } from "../titles/film.ts";

/** What Tabstack makes of a quotes page: the shape that the schema of the request asks for. */
export type ExtractedLine = { character: string | null; text: string | null; stageDirection: string | null };
export type ExtractedQuote = { shareLink: string | null; lines: ExtractedLine[] };

const OPENINGS = [
  "You came a long way for a door that was never locked",
  "Nobody here remembers the river as it was",
  "I counted the lamps twice and there is one too many",
  "Put the kettle on, we have an hour before they notice",
  "That map was drawn by somebody who had never left home",
  "Ask me again when the tide has turned",
  "He keeps every promise except the first",
  "There are two kinds of silence in this house",
  "If it rains before noon we go by the bridge",
  "The trouble with a good plan is that it wants to be used",
  "She paid for the ticket and then walked all the way",
  "I have been wrong before, and it was warmer then",
];
const ANSWERS = [
  "Then we had better begin.",
  "You always say that.",
  "And you always listen.",
  "Not tonight.",
  "I would not put it in writing.",
  "It was Tuesday. It is always Tuesday.",
];
const DIRECTIONS = [
  "looks out of the window",
  "quietly",
  "laughs",
  "folds the letter and puts it away",
  "from the next room",
];
const NAMES = ["Marlow", "Ines", "The Conductor", "Dr. Abara", "Old Jonas", "Vera", "Clerk", "Sister Agnes"];

const said = (character: string | null, text: string | null, stageDirection: string | null = null) => ({
  character,
  text,
  stageDirection,
});

function pick(list: readonly string[], key: string): string {
  return list[stableNumber(key, list.length)] ?? "";
}

/** IMDb's id of the nth quote of a title: `qt` and seven digits, the same for ever. */
function quoteId(imdbId: string, nth: number): string {
  return `qt${String(stableNumber(`${imdbId} quote ${nth}`, 9_999_999) + 1).padStart(7, "0")}`;
}

/** The three ways in which IMDb has written the address of a quote. */
function shareLink(imdbId: string, nth: number): string {
  const id = quoteId(imdbId, nth);
  const page = `https://www.imdb.com/title/${imdbId}/quotes/`;
  return [`${page}?item=${id}&ref_=ext_shr_lnk`, `${page}${id}`, `${page}#${id}`][nth % 3] ?? page;
}

function oneQuote(imdbId: string, nth: number): ExtractedQuote {
  const key = `${imdbId} ${nth}`;
  const names = NAMES.map((_, at) => pick(NAMES, `${imdbId} cast ${at}`));
  const [first = "Marlow", second = "Ines"] = [names[nth % 3], names[(nth + 1) % 4]];
  const opening = `${pick(OPENINGS, key)}, and that is number ${nth + 1}.`;
  const lines: ExtractedLine[][] = [
    [said(first, opening)],
    [said(first, opening, pick(DIRECTIONS, key)), said(second, pick(ANSWERS, key))],
    [said(null, null, pick(DIRECTIONS, key)), said(second, `[${pick(DIRECTIONS, `${key} b`)}] ${opening}`)],
    [said("Narrator", `[narrating] ${opening}`)],
    [said(first, opening, `1:${String(10 + (nth % 50))}:05`), said(second, pick(ANSWERS, key))],
  ];
  return { shareLink: shareLink(imdbId, nth), lines: lines[stableNumber(key, lines.length)] ?? [] };
}

/** Every case that a reader of quotes has to bear, on one page. */
function wholeZoo(imdbId: string): ExtractedQuote[] {
  const link = (nth: number) => shareLink(imdbId, nth);
  return [
    { shareLink: link(0), lines: [said("Vera", "The lamp was on when I left.", "0:12:40")] },
    {
      shareLink: link(1),
      lines: [
        said(null, null, "a train passes"),
        said("Old Jonas", "[over the noise] You will have to choose."),
        said("Vera", null, "shakes her head"),
        said("Old Jonas", "(he waits)"),
        said("Vera", "Then I choose the long way."),
      ],
    },
    { shareLink: link(2), lines: [said(null, "[narration] It was the last winter of the ferry.")] },
    { shareLink: link(3), lines: [said(null, "[They leave in silence.]", null)] },
    { shareLink: link(1), lines: [said("Old Jonas", "You will have to choose.")] },
    { shareLink: null, lines: [said("Vera", "Nobody links to this one.")] },
    { shareLink: null, lines: [said("vera ", "Nobody links to THIS one!")] },
    { shareLink: link(4), lines: [said("Clerk", "  "), said(null, null, null)] },
  ];
}

const LONG_QUOTES = 240;
const LONG_TEXT = `${OPENINGS.join(". ")}. `.repeat(8).trim();

/** Titles that tests rely on: all cases at once, one very long page, none at all. */
const CHOSEN: Readonly<Record<string, "zoo" | "long" | "none" | "missing">> = {
  tt0133093: "zoo",
  tt0113277: "long",
  tt0062622: "none",
  tt0078748: "missing",
};

/**
 * What a film's quotes page holds, always the same for the same film: mostly a few, often none.
 *
 * @returns null when IMDb has no such page
 */
export function quotesOf(film: Film): ExtractedQuote[] | null {
  const imdbId = film.imdbId ?? "";
  const lot = stableNumber(`${imdbId} lot`, 20);
  const kind = CHOSEN[imdbId] ?? (lot === 0 ? "missing" : lot < 4 ? "none" : "few");
  if (kind === "missing") return null;
  if (kind === "none") return [];
  if (kind === "zoo") return wholeZoo(imdbId);
  const count = kind === "long" ? LONG_QUOTES : 1 + stableNumber(`${imdbId} count`, 9);
  const quotes = Array.from({ length: count }, (_, nth) => oneQuote(imdbId, nth));
  return kind === "long" ? [{ shareLink: null, lines: [said("Marlow", LONG_TEXT)] }, ...quotes] : quotes;
}
