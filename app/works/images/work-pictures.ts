import { z } from "zod";

/**
 * The images of a work that are worth a copy of our own, in the sizes that pages and cards show (T-09). The lists are cut: a
 * cast has hundreds of people, and nobody looks at the last of them.
 */

const MOST_CAST = 12;
const MOST_STILLS = 8;
const MOST_TRAILERS = 3;

const text = z.string().min(1).nullable().catch(null);
const person = z.object({ name: z.string(), character: text.optional(), photo_url_medium: text.optional() });
const trailer = z.object({ name: text.optional(), url: z.string(), thumbnail_url: text.optional() });

/** Columns of `works_meta` that name images. JSON columns are read as they come: other people's SQL writes them too. */
export interface PictureColumns {
  poster_url_medium: string | null;
  poster_url_large: string | null;
  backdrop_url_mobile: string | null;
  cast_members: readonly unknown[];
  still_images: readonly unknown[];
  trailers: readonly unknown[];
}

export type PictureRole = "poster_medium" | "poster_large" | "backdrop" | "cast" | "still" | "trailer";

export interface WorkPicture {
  role: PictureRole;
  position: number;
  url: string;
}

/** The first people of the cast, by billing. */
export const castOf = (members: readonly unknown[]) => readAll(person, members).slice(0, MOST_CAST);

export const stillsOf = (stills: readonly unknown[]) =>
  readAll(z.string().min(1), stills).slice(0, MOST_STILLS);

export const trailersOf = (videos: readonly unknown[]) => readAll(trailer, videos).slice(0, MOST_TRAILERS);

/** What is no such thing is left out. */
function readAll<T>(schema: z.ZodType<T>, values: readonly unknown[]): T[] {
  return values.flatMap((value) => {
    const read = schema.safeParse(value);
    return read.success ? [read.data] : [];
  });
}

/** Every image of a work that is to be re-hosted, each place once. */
export function picturesOf(meta: PictureColumns): WorkPicture[] {
  const one = (role: PictureRole, url: string | null | undefined, position = 0): WorkPicture[] =>
    url ? [{ role, position, url }] : [];
  return [
    ...one("poster_medium", meta.poster_url_medium),
    ...one("poster_large", meta.poster_url_large),
    ...one("backdrop", meta.backdrop_url_mobile),
    ...castOf(meta.cast_members).flatMap((member, at) => one("cast", member.photo_url_medium, at)),
    ...stillsOf(meta.still_images).flatMap((url, at) => one("still", url, at)),
    ...trailersOf(meta.trailers).flatMap((video, at) => one("trailer", video.thumbnail_url, at)),
  ];
}
