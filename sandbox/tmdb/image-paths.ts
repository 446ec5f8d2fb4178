import { stableToken } from "../stable-hash.ts";

const PATH_LETTERS = 27;

/** Path of a title's picture as TMDB writes them: "/", 27 letters and digits, ".jpg". */
export function imagePath(kind: "poster" | "backdrop" | "profile" | "logo", key: string | number): string {
  return `/${stableToken(`${kind}:${key}`, PATH_LETTERS)}.${kind === "logo" ? "png" : "jpg"}`;
}
