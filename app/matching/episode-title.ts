import { episodeNumber, partNumber, partNumberInWords, type SeasonMark, seasonMark } from "./season-words.ts";
import { normalizeTitle } from "./title.ts";

/** What one line such as "Vikings: Season 6: The Key" says. */
export interface EpisodeTitle {
  /** Name of the series; of the film where `structure` is "film". Never empty. */
  show: string;
  /** 0 for specials, 1 for a limited series; null when the season has no number. */
  season: number | null;
  /** The season as the title has it: "Season 6", "Parte 3", "Stranger Things 4". */
  seasonLabel: string | null;
  episode: number | null;
  episodeTitle: string | null;
  /**
   * `episode`: a season or episode is named. `film`: nothing but a title. `either`: parts between colons, as in film titles
   * and in episodes of series without numbered seasons; the other fields are then what it would be as a series.
   */
  structure: "episode" | "film" | "either";
}

/** Direction marks and zero-width spaces stand around Hebrew and Arabic titles; a joiner between letters stays. */
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** A colon counts when a space follows it ("Re:ZERO" and "12:00" are one part); the full-width one always does. */
const separator = / ?(?::(?= |$)|：) ?/;
/** "Pilot (Episode 1)": how a Netflix account's own data numbers episodes. */
const numberedBehind = /^(.*?) ?\(([^()]{1,40})\)$/;
/** "Breaking Dawn: Part 2: Extended Edition" is a film. */
const edition = /\b(?:cut|edition|version)$/i;

/** The title with every white space, non-breaking ones included, as one space, and without invisible marks. */
export const spacedTitle = (title: string): string =>
  title.normalize("NFC").replace(invisible, "").replace(/\s+/g, " ").trim();

/**
 * Takes a title of a viewing history apart, whatever its language. Decided by structure alone: a word for a season or an
 * episode with its number makes it an episode, wherever it stands behind the name; names themselves may hold colons. "Part",
 * "Volume" and "Book" do so only with a figure and with something behind them: "Money Heist: Part 4: …", but not "Dune:
 * Part Two".
 *
 * @returns null when no show or film is named: a blank title, or one that begins with a colon (": Episode 10")
 */
export function parseEpisodeTitle(title: string): EpisodeTitle | null {
  // Colons at a part's ends are what is left of the separators: they name no show and no episode.
  const all = spacedTitle(title)
    .split(separator)
    .map((part) => part.replace(/^[:\s]+/, "").replace(/[:\s]+$/, ""));
  const parts = all.filter((part) => part !== "");
  const [first] = parts;
  if (first === undefined) return null;
  if (all[0] === "" && (parts.length === 1 || isMark(first))) return null;
  if (parts.length === 1) return { ...nothing, show: first, structure: "film" };
  return inNumberedSeason(parts) ?? inNumberedPart(parts) ?? withEpisodeNumber(parts) ?? either(parts);
}

const nothing = { season: null, seasonLabel: null, episode: null, episodeTitle: null };

const isMark = (part: string): boolean => seasonMark(part) !== null || episodeNumber(part) !== null;

/** "Show: Season 2: Episode", "Show: Limited Series: …", and "Stranger Things: Stranger Things 4: …". */
function inNumberedSeason(parts: readonly string[]): EpisodeTitle | null {
  for (let at = 1; at < parts.length; at += 1) {
    const mark = seasonMark(parts[at] ?? "");
    if (mark !== null) return episodeOf(parts, at, mark);
  }
  for (let at = 1; at < parts.length - 1; at += 1) {
    const season = numberBehindName(parts, at);
    if (season !== null) return episodeOf(parts, at, { season, kind: "season" });
  }
  return null;
}

/** 4 for the part "Stranger Things 4" behind the name "Stranger Things". */
function numberBehindName(parts: readonly string[], at: number): number | null {
  const [, name, season] = /^(.+) (\d{1,2})$/.exec(parts[at] ?? "") ?? [];
  if (name === undefined || season === undefined) return null;
  const isName = [parts[0] ?? "", joined(parts.slice(0, at))].some(
    (show) => normalizeTitle(show) === normalizeTitle(name),
  );
  return isName ? Number(season) : null;
}

/** "Money Heist: Part 4: …", "Avatar: Book 1: …". */
function inNumberedPart(parts: readonly string[]): EpisodeTitle | null {
  if (edition.test(parts.at(-1) ?? "")) return null;
  for (let at = 1; at < parts.length - 1; at += 1) {
    const season = partNumber(parts[at] ?? "");
    if (season !== null) return episodeOf(parts, at, { season, kind: "season" });
  }
  return null;
}

function episodeOf(parts: readonly string[], at: number, mark: SeasonMark): EpisodeTitle {
  return {
    show: joined(parts.slice(0, at)),
    season: mark.season,
    seasonLabel: parts[at] ?? null,
    ...episodeIn(parts.slice(at + 1), mark.kind === "limited"),
    structure: "episode",
  };
}

/** What stands behind the season. */
function episodeIn(
  rest: readonly string[],
  isLimited: boolean,
): Pick<EpisodeTitle, "episode" | "episodeTitle"> {
  const [first] = rest;
  if (first === undefined) return { episode: null, episodeTitle: null };
  const behind = numberBehind(joined(rest));
  if (behind !== null) return behind;
  const episode = episodeNumber(first);
  if (episode !== null) return { episode, episodeTitle: joined(rest.slice(1)) || null };
  // Parts of a limited series are its episodes; elsewhere "Part 2" is the second half of a story.
  const part = isLimited && rest.length === 1 ? partNumberInWords(first) : null;
  return { episode: part, episodeTitle: joined(rest) };
}

/** "Pilot (Episode 1)", and "Episode 1 (Episode 1)" for episodes without a name. */
function numberBehind(text: string): { episode: number; episodeTitle: string | null } | null {
  const [, name = "", mark = ""] = numberedBehind.exec(text) ?? [];
  const episode = mark === "" ? null : episodeNumber(mark);
  if (episode === null) return null;
  return { episode, episodeTitle: name === "" || episodeNumber(name) !== null ? null : name };
}

/**
 * "One Piece: Episode 12". Behind a season that has a name instead of a number the episode's number says nothing by itself
 * ("Hotel: Episode 1", "Coven: Episode 1"), so that it stays part of the episode's title.
 */
function withEpisodeNumber(parts: readonly string[]): EpisodeTitle | null {
  const last = parts.at(-1) ?? "";
  const behind = numberBehind(last);
  const episode = behind?.episode ?? (/\d/.test(last) ? episodeNumber(last) : null);
  if (episode === null) return null;
  const show = parts[0] ?? "";
  const seasonLabel = joined(parts.slice(1, -1)) || null;
  const known =
    seasonLabel === null
      ? { episode, episodeTitle: behind?.episodeTitle ?? null }
      : { episode: null, episodeTitle: `${seasonLabel}: ${behind?.episodeTitle ?? last}` };
  return { show, season: null, seasonLabel, ...known, structure: "episode" };
}

function either(parts: readonly string[]): EpisodeTitle {
  const [show = "", second = "", ...rest] = parts;
  const last = parts.at(-1) ?? "";
  const structure = "either";
  const season = rest.length === 0 ? partNumber(second) : null;
  if (season !== null) return { ...nothing, show, season, seasonLabel: second, structure };
  const episode = rest.length === 0 ? null : episodeNumber(second);
  if (episode !== null) return { ...nothing, show, episode, episodeTitle: joined(rest), structure };
  return { ...nothing, show, seasonLabel: joined(parts.slice(1, -1)) || null, episodeTitle: last, structure };
}

const joined = (parts: readonly string[]): string => parts.join(": ");
