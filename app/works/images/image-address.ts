/** As it stands in the configuration. */
export interface ImageHosts {
  TMDB_IMAGE_BASE_URL: string;
  /** null: trailers keep the thumbnails of their source. */
  YOUTUBE_IMAGE_BASE_URL: string | null;
}

const TMDB = "https://image.tmdb.org/t/p/";
const YOUTUBE = "https://i.ytimg.com/vi/";

/**
 * Where an image is fetched, or null for one that is not: images are taken from TMDB's and YouTube's hosts alone, or from those
 * that the configuration names in their place. Addresses of posters come by API too; one that points into our own network must
 * never be called.
 *
 * @param source as `works_meta` holds it
 */
export function imageAddress(source: string, hosts: ImageHosts): URL | null {
  const bases: [from: string, to: string | null][] = [
    [`${hosts.TMDB_IMAGE_BASE_URL}/`, hosts.TMDB_IMAGE_BASE_URL],
    [TMDB, hosts.TMDB_IMAGE_BASE_URL],
    [YOUTUBE, hosts.YOUTUBE_IMAGE_BASE_URL],
  ];
  for (const [from, to] of bases) {
    const rest = source.startsWith(from) ? source.slice(from.length) : "";
    if (to === null || !/^[\w./%~-]+$/.test(rest) || !URL.canParse(`${to}/${rest}`)) continue;
    const address = new URL(`${to}/${rest}`);
    // `..` must not lead out of the base.
    if (address.href.startsWith(new URL(`${to}/`).href)) return address;
  }
  return null;
}
