import { imagePath } from "#app/works/images/image-path.ts";

/** Where images may be shown from beside our own server; the Content-Security-Policy allows the same. */
const TMDB_IMAGES = "https://image.tmdb.org";

/**
 * Where a page shows an image from: our copy of it, else TMDB's image host or the one that is configured in its place. OMDb's
 * posters lie on servers that no page of ours calls: such a work shows its initials at once instead of a picture that was refused.
 *
 * @param picture.fileName of our copy; null: there is none
 * @param imageBase TMDB_IMAGE_BASE_URL
 */
export function pictureSource(
  picture: { url: string | null; fileName: string | null },
  imageBase: string,
): string | null {
  const { url, fileName } = picture;
  if (fileName !== null) return imagePath(fileName);
  if (url === null || !URL.canParse(url)) return null;
  const { origin } = new URL(url);
  return origin === TMDB_IMAGES || origin === new URL(imageBase).origin ? url : null;
}
