import { pictureSource } from "#app/routes/library/picture-source.ts";
import type { FoundPicture } from "#app/works/images/find-pictures.server.ts";

export type PicturesView = ReturnType<typeof picturesView>;

interface Trailer {
  name?: string | null | undefined;
  url: string;
}

/**
 * A work's images as its page shows them: its copies, and TMDB's own until there are copies. A trailer's thumbnail is shown once
 * it is ours: a page calls no server of YouTube's.
 *
 * @param videos their pages; a thumbnail's address holds the key of its video
 */
export function picturesView(
  pictures: readonly FoundPicture[],
  videos: readonly Trailer[],
  imageBase: string,
) {
  const ofRole = (role: FoundPicture["role"]) => pictures.filter((picture) => picture.role === role);
  return {
    stills: ofRole("still").flatMap((still) => pictureSource(still, imageBase) ?? []),
    trailers: ofRole("trailer").flatMap((thumbnail) => {
      const src = pictureSource(thumbnail, imageBase);
      const key = /\/vi\/([^/]+)\//.exec(thumbnail.url)?.[1];
      const video = videos.find(({ url }) => key && url.endsWith(`watch?v=${key}`));
      return src && video ? [{ src, url: video.url, name: video.name ?? "Trailer" }] : [];
    }),
    note: noteOf(pictures),
  };
}

/** Said only where something is missing for a reason. */
function noteOf(pictures: readonly FoundPicture[]): string | null {
  const failed = pictures.filter(({ fileName, error }) => fileName === null && error !== null);
  const [first] = failed;
  if (!first) return null;
  const count = failed.length === 1 ? "1 image is" : `${failed.length} images are`;
  return `${count} shown from the source, not from here. ${first.error}`;
}
