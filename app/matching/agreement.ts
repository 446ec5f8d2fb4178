import type { Candidate } from "./candidate.ts";
import { cleanTitle, foldArticle, normalizeTitle } from "./title.ts";

/**
 * How a candidate's names agree with the title asked for, best first:
 * `exact` its title, `original` its original title, `alternative` one of its other known titles, `cleaned` a cleaned
 * spelling of the asked title, `loose` the same but for an article, spacing or numbers in words, `partial` one is a part of
 * the other, `similar` nearly the same letters, `different`.
 */
export type TitleSignal =
  | "exact"
  | "original"
  | "alternative"
  | "cleaned"
  | "loose"
  | "partial"
  | "similar"
  | "different";

export interface TitleAgreement {
  signal: TitleSignal;
  /** 0..1; 1 is the same title. */
  strength: number;
}

/** The asked title taken apart once, to be compared with many candidates. */
export interface AskedTitle {
  whole: string;
  cleaned: ReadonlySet<string>;
  loose: string;
  segments: readonly string[];
  pairs: ReadonlySet<number>;
}

const strengths = { exact: 1, original: 0.98, alternative: 0.96, cleaned: 0.92, loose: 0.85 } as const;
/** From this share of common letter pairs on two titles count as similar: a typing error or two. */
const similarFrom = 0.8;
/** The letters of different titles still order the list of candidates, far below a partial agreement. */
const letterWeight = 0.5;

export function askTitle(title: string): AskedTitle {
  const whole = normalizeTitle(title);
  return {
    whole,
    cleaned: new Set(cleanTitle(title).map(normalizeTitle)),
    loose: looseTitle(title),
    segments: segmentsOf(title),
    pairs: pairsOf(whole),
  };
}

export function compareTitle(asked: AskedTitle, candidate: Candidate): TitleAgreement {
  const title = normalizeTitle(candidate.title);
  const original =
    candidate.originalTitle === candidate.title ? title : normalizeTitle(candidate.originalTitle);
  if (asked.whole === title) return agreed("exact");
  if (asked.whole === original) return agreed("original");
  const alternatives = (candidate.alternativeTitles ?? []).map(normalizeTitle);
  if (alternatives.includes(asked.whole)) return agreed("alternative");
  const names = [...new Set([title, original, ...alternatives])];
  if (names.some((name) => asked.cleaned.has(name))) return agreed("cleaned");
  const shown = [...new Set([candidate.title, candidate.originalTitle])];
  if (asked.loose !== "" && shown.some((name) => looseTitle(name) === asked.loose)) return agreed("loose");
  return best([
    ...shown.map((name) => comparePart(asked, name)),
    ...names.map((name) => compareLetters(asked, name)),
  ]);
}

function agreed(signal: keyof typeof strengths): TitleAgreement {
  return { signal, strength: strengths[signal] };
}

function best(agreements: TitleAgreement[]): TitleAgreement {
  return agreements.reduce((top, next) => (next.strength > top.strength ? next : top), {
    signal: "different",
    strength: 0,
  });
}

const numberWords: Record<string, string> = Object.fromEntries(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen"
    .split(" ")
    .map((word, value) => [word, String(value)]),
);

/** "The Twelve Monkeys", "12 Monkeys" and "12monkeys" are loosely the same. */
function looseTitle(title: string): string {
  return foldArticle(title)
    .split(" ")
    .map((word) => (Object.hasOwn(numberWords, word) ? numberWords[word] : word))
    .join("");
}

const segmentBreak = /\s+or\s*(?=[:(,])|[:–—/()[\]]|\s-\s/;

/** Parts of a title around colons, dashes and brackets: ["star wars", "episode iv", "a new hope"]. One part: none. */
function segmentsOf(title: string): string[] {
  const parts = title.split(segmentBreak).map((part) => part.trim());
  const segments = parts.filter((part) => part !== "").map(normalizeTitle);
  return segments.length > 1 ? segments : [];
}

/** Whether one title is a part of the other; the nearer to the whole and to its beginning, the stronger (0.5..0.8). */
function comparePart(asked: AskedTitle, name: string): TitleAgreement {
  const whole = normalizeTitle(name);
  const segments = segmentsOf(name);
  if (segments[0] === asked.whole) return { signal: "partial", strength: 0.8 };
  if (asked.segments[0] === whole) return { signal: "partial", strength: 0.78 };
  if (segments.includes(asked.whole) || asked.segments.includes(whole))
    return { signal: "partial", strength: 0.72 };
  const [short, long] = asked.whole.length < whole.length ? [asked.whole, whole] : [whole, asked.whole];
  if (short === "" || !` ${long} `.includes(` ${short} `)) return { signal: "different", strength: 0 };
  return { signal: "partial", strength: 0.5 + (0.2 * short.length) / long.length };
}

function compareLetters(asked: AskedTitle, name: string): TitleAgreement {
  const share = commonPairs(asked.pairs, pairsOf(name));
  return { signal: share >= similarFrom ? "similar" : "different", strength: letterWeight * share };
}

/** Sørensen–Dice over letter pairs, 0..1. */
function commonPairs(pairs: ReadonlySet<number>, others: ReadonlySet<number>): number {
  if (pairs.size === 0 || others.size === 0) return 0;
  let common = 0;
  for (const pair of pairs) if (others.has(pair)) common += 1;
  return (2 * common) / (pairs.size + others.size);
}

/** Letter pairs as numbers (strings cost twice the time). Only of the first 200 letters: no two titles are told apart by what follows, and hostile ones are long. */
function pairsOf(text: string): Set<number> {
  const pairs = new Set<number>();
  const end = Math.min(text.length, 200);
  for (let at = 0; at + 1 < end; at += 1) {
    pairs.add(text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1));
  }
  return pairs;
}
