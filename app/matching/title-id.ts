import type { TitleKind } from "./title.ts";

/** What an operator typed to name a title: an id at TMDB, of a kind that may be left open, or one at IMDb. */
export type TitleId =
  | { service: "tmdb"; id: number; kind: TitleKind | null }
  | { service: "imdb"; id: string };

const largestId = 2_147_483_647;
const longest = 500;

/**
 * Reads an id or an address: `603`, `movie/603`, `https://www.themoviedb.org/tv/1396-breaking-bad`, `tt0133093`,
 * `imdb.com/de/title/tt0133093/`.
 *
 * @returns the id, or a sentence on why it is none and what to enter instead
 */
export function readTitleId(text: string): TitleId | { problem: string } {
  const typed = text.trim();
  if (typed === "") return { problem: `Enter an id. ${examples}` };
  if (typed.length > longest) return { problem: `This is too long to be an id or an address. ${examples}` };
  const address = addressOf(typed);
  return (
    (address ? fromAddress(address) : fromId(typed)) ?? { problem: `This is no id of a title. ${examples}` }
  );
}

const examples =
  "A TMDB id is a number such as 603, an IMDb id looks like tt0133093; the address of the title's page at either will do too.";

function fromId(typed: string): TitleId | { problem: string } | null {
  const imdb = /^tt\d{5,10}$/i.exec(typed);
  if (imdb) return { service: "imdb", id: typed.toLowerCase() };
  if (/^(?:nm|ev|co|ls)\d+$/i.test(typed))
    return { problem: `This IMDb id is not that of a film or series, which begins with tt. ${examples}` };
  const tmdb = /^(?:(movie|tv)[\s:/]+)?(\d{1,10})$/i.exec(typed);
  return tmdb ? tmdbId(tmdb[2], kindOf(tmdb[1])) : null;
}

function fromAddress({ host, path }: { host: string; path: string }): TitleId | { problem: string } | null {
  if (isHost(host, "imdb.com")) {
    const id = /\/title\/(tt\d{5,10})(?:\/|$)/i.exec(path)?.[1];
    return id
      ? { service: "imdb", id: id.toLowerCase() }
      : { problem: `This address at IMDb is not that of a film or series. ${examples}` };
  }
  if (isHost(host, "themoviedb.org") || isHost(host, "tmdb.org")) {
    const found = /^\/(movie|tv)\/(\d{1,10})(?:[-/]|$)/i.exec(path);
    return found
      ? tmdbId(found[2], kindOf(found[1]))
      : { problem: `This address at TMDB is not that of a film or series. ${examples}` };
  }
  return { problem: `Only addresses at TMDB and IMDb can be read. ${examples}` };
}

/** A host with a dot in it, with or without its scheme: what is typed is often copied without. */
function addressOf(typed: string): { host: string; path: string } | null {
  if (/\s/.test(typed)) return null;
  const isWhole = /^https?:\/\//i.test(typed);
  if (!isWhole && !/^[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)/.test(typed)) return null;
  const url = URL.parse(isWhole ? typed : `https://${typed}`);
  return url ? { host: url.hostname.toLowerCase(), path: url.pathname } : null;
}

const isHost = (host: string, domain: string) => host === domain || host.endsWith(`.${domain}`);

const kindOf = (word: string | undefined): TitleKind | null =>
  word === undefined ? null : word.toLowerCase() === "tv" ? "tv" : "movie";

function tmdbId(digits: string | undefined, kind: TitleKind | null): TitleId | null {
  const id = Number(digits);
  return id >= 1 && id <= largestId ? { service: "tmdb", id, kind } : null;
}
