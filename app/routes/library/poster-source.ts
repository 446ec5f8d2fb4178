/** Where posters may be shown from; the Content-Security-Policy allows the same. */
const TMDB_IMAGES = "https://image.tmdb.org";

/**
 * A poster's address if a page may show it: from TMDB's image host or the configured one. OMDb's posters lie on servers that no
 * page of ours calls: such a work shows its initials at once instead of a picture that was refused.
 *
 * @param imageBase TMDB_IMAGE_BASE_URL
 */
export function posterSource(url: string | null, imageBase: string): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { origin } = new URL(url);
  return origin === TMDB_IMAGES || origin === new URL(imageBase).origin ? url : null;
}
