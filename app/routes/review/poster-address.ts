/** Width in pixels of the posters beside candidates, as TMDB's image server knows it. */
const POSTER_SIZE = "w92";

/** Where the small poster of a title is that need not be in the catalogue; null when it has none. */
export const posterAddress = (
  { TMDB_IMAGE_BASE_URL }: { TMDB_IMAGE_BASE_URL: string },
  posterPath: string | null,
): string | null => posterPath && `${TMDB_IMAGE_BASE_URL}/${POSTER_SIZE}${posterPath}`;
