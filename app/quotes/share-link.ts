/** `?item=qt0396921`, as share links are written now, and the two older ways: `/quotes/qt0396921`, `#qt0396921`. */
const QUOTE_ID = /(?:[?&]item=|\/quotes?\/|#)(qt\d{7,12})(?![\w-])/i;

/**
 * IMDb's id of a quote out of its share link.
 *
 * @returns `qt` and at least seven digits; null when the link names none
 */
export function quoteIdOf(shareLink: string | null | undefined): string | null {
  const text = shareLink?.trim() ?? "";
  const bare = /^qt\d{7,12}$/i.exec(text)?.[0];
  return (bare ?? QUOTE_ID.exec(text)?.[1])?.toLowerCase() ?? null;
}

/** Where a quote stands at IMDb. */
export function shareLinkOf(imdbTitleId: string, imdbQuoteId: string): string {
  return `https://www.imdb.com/title/${imdbTitleId}/quotes/?item=${imdbQuoteId}`;
}

/** The page that holds all quotes of a title. */
export function quotesPageOf(imdbTitleId: string): string {
  return `https://www.imdb.com/title/${imdbTitleId}/quotes/`;
}
